package cache_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"boussole/geo/cache"
)

// What is got is what was put last, or nothing; never more than so many are kept.
func TestCacheIsAMapThatForgets(t *testing.T) {
	for _, number := range []int{-1, 0, 1, 2, 3, 10, 101} {
		c, want := cache.New[int](number, 0), make(map[string]int)
		r := rand.New(rand.NewPCG(1, uint64(number)))
		got := 0
		for i := range 5000 {
			key := fmt.Sprint(r.IntN(60))
			if r.IntN(2) == 0 {
				c.Put(key, i)
				want[key] = i
				if v, ok := c.Get(key); !ok || v != i {
					t.Fatalf("%d: %s was put as %d, and is %d, %v", number, key, i, v, ok)
				}
			} else if v, ok := c.Get(key); ok {
				got++
				if v != want[key] {
					t.Fatalf("%d: %s is %d, want %d", number, key, v, want[key])
				}
			}
			if c.Len() > max(number, 2) {
				t.Fatalf("%d are kept, %d are allowed", c.Len(), number)
			}
		}
		if got == 0 {
			t.Errorf("%d: nothing was ever got", number)
		}
	}
}

// What is asked for often is kept, whatever else comes by.
func TestCacheKeepsWhatIsAskedFor(t *testing.T) {
	c := cache.New[string](100, 0)
	c.Put("often", "here")
	for i := range 10_000 {
		c.Put(fmt.Sprint(i), "")
		if v, ok := c.Get("often"); !ok || v != "here" {
			t.Fatalf("forgotten after %d others", i)
		}
	}
	if _, ok := c.Get("1"); ok {
		t.Error("the second of 10,000 is kept among 100")
	}
}

// An age is that of the value: to be asked for makes nothing younger.
func TestCacheForgetsWhatIsOld(t *testing.T) {
	const age = 50 * time.Millisecond
	c := cache.New[int](4, age)
	put := time.Now()
	c.Put("a", 1)
	for i := 0; time.Since(put) < 100*age; i++ {
		c.Put(fmt.Sprint(i), i) // so that "a" goes from shelf to shelf
		if _, ok := c.Get("a"); !ok {
			if time.Since(put) < age {
				t.Fatalf("forgotten after %v", time.Since(put))
			}
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("kept for a hundred times its age")
}

func TestNoCache(t *testing.T) {
	var c *cache.Cache[int]
	c.Put("a", 1)
	if _, ok := c.Get("a"); ok || c.Len() != 0 {
		t.Error("a cache that is not there keeps something")
	}
}

func TestCacheIsSafe(t *testing.T) {
	c := cache.New[int](50, time.Millisecond)
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range 2000 {
				key := (i*7 + worker) % 90
				c.Put(fmt.Sprint(key), key)
				if v, ok := c.Get(fmt.Sprint(key)); ok && v != key {
					t.Errorf("%d is %d", key, v)
				}
			}
		})
	}
	all.Wait()
}
