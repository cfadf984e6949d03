#include "textflag.h"

// AXIS adds to what is gathered of eight boxes their squared distances along an axis:
// of those at even places in the first sum, of those at odd places in the second.
// Y15 is zero.
#define AXIS(origin, min, max, even, odd) \
	VMOVDQU    min(AX), Y4         \
	VPSUBD     origin, Y4, Y4      \
	VPSUBD     max(AX), origin, Y5 \
	VPMAXSD    Y5, Y4, Y4          \
	VPMAXSD    Y15, Y4, Y4         \
	VPSRLQ     $32, Y4, Y5         \
	VPMULUDQ   Y4, Y4, Y4          \
	VPMULUDQ   Y5, Y5, Y5          \
	VPADDQ     Y4, even, even      \
	VPADDQ     Y5, odd, odd

// WITHIN writes eight keys, of two registers, and puts a bit for each in a third that
// exceeds the bound, which is in Y3.
#define WITHIN(low, high, at, bits) \
	VMOVDQU    low, at(CX)          \
	VMOVDQU    high, (at+32)(CX)    \
	VPCMPGTQ   Y3, low, low         \
	VPCMPGTQ   Y3, high, high       \
	VMOVMSKPD  low, bits            \
	VMOVMSKPD  high, R9             \
	SHLL       $4, R9               \
	ORL        R9, bits

// BOTH makes one of the bits of both halves, for those that do not exceed the bound.
#define BOTH \
	VZEROUPPER               \
	SHLL       $8, R10       \
	ORL        R10, R8       \
	NOTL       R8            \
	ANDL       $0xffff, R8

// EIGHT does eight boxes of a node, of which the first begin at these offsets.
#define EIGHT(x0, x1, y0, y1, z0, z1, at, bits) \
	VPXOR       Y6, Y6, Y6            \
	VPXOR       Y7, Y7, Y7            \
	AXIS(Y0, x0, x1, Y6, Y7)          \
	AXIS(Y1, y0, y1, Y6, Y7)          \
	AXIS(Y2, z0, z1, Y6, Y7)          \
	VPUNPCKLQDQ Y7, Y6, Y4            \
	VPUNPCKHQDQ Y7, Y6, Y5            \
	VPERM2I128  $0x20, Y5, Y4, Y6     \
	VPERM2I128  $0x31, Y5, Y4, Y7     \
	WITHIN(Y6, Y7, at, bits)

// func nodeKeys(n *Node, q *Point, bound int64, keys *[FanOut]int64) (within uint32)
TEXT ·nodeKeys(SB), NOSPLIT, $0-36
	MOVQ         n+0(FP), AX
	MOVQ         q+8(FP), BX
	MOVQ         keys+24(FP), CX
	VPBROADCASTD 0(BX), Y0
	VPBROADCASTD 4(BX), Y1
	VPBROADCASTD 8(BX), Y2
	VPBROADCASTQ bound+16(FP), Y3
	VPXOR        Y15, Y15, Y15
	EIGHT(0, 192, 64, 256, 128, 320, 0, R8)
	EIGHT(32, 224, 96, 288, 160, 352, 64, R10)
	BOTH
	MOVL         R8, within+32(FP)
	RET

// SQUARES makes of two items in a register the parts of their keys: the sum of two
// axes and the third. Y0 is the origin, twice.
#define SQUARES(at, to) \
	VMOVDQU  at(AX), to       \
	VPSUBD   Y0, to, to       \
	VPBLENDD $0x88, Y15, to, to \
	VPSRLQ   $32, to, Y5      \
	VPMULDQ  to, to, to       \
	VPMULDQ  Y5, Y5, Y5       \
	VPADDQ   Y5, to, to

// FOUR makes the keys of four items.
#define FOUR(at, to) \
	SQUARES(at, Y6)              \
	SQUARES(at+32, Y7)           \
	VPUNPCKLQDQ Y7, Y6, Y4       \
	VPUNPCKHQDQ Y7, Y6, Y5       \
	VPADDQ      Y5, Y4, to       \
	VPERMQ      $0xD8, to, to

// func itemKeys(items *Item, q *Point, bound int64, keys *[FanOut]int64) (within uint32)
TEXT ·itemKeys(SB), NOSPLIT, $0-36
	MOVQ         items+0(FP), AX
	MOVQ         q+8(FP), BX
	MOVQ         keys+24(FP), CX
	VMOVQ        0(BX), X0
	VPINSRD      $2, 8(BX), X0, X0
	VINSERTI128  $1, X0, Y0, Y0
	VPBROADCASTQ bound+16(FP), Y3
	VPXOR        Y15, Y15, Y15
	FOUR(0, Y8)
	FOUR(64, Y9)
	WITHIN(Y8, Y9, 0, R8)
	FOUR(128, Y8)
	FOUR(192, Y9)
	WITHIN(Y8, Y9, 64, R10)
	BOTH
	MOVL         R8, within+32(FP)
	RET

// func fetchLeaf(items *Item)
TEXT ·fetchLeaf(SB), NOSPLIT, $0-8
	MOVQ        items+0(FP), AX
	PREFETCHT0  0(AX)
	PREFETCHT0  64(AX)
	PREFETCHT0  128(AX)
	PREFETCHT0  192(AX)
	RET

// func Prefetch(a, b unsafe.Pointer)
TEXT ·Prefetch(SB), NOSPLIT, $0-16
	MOVQ        a+0(FP), AX
	MOVQ        b+8(FP), BX
	PREFETCHT0  0(AX)
	PREFETCHT0  0(BX)
	RET
