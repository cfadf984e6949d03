package text

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// specimens meet every rule of the analysis at least once.
const specimens = "L'hôpital Saint-Étienne d'Aix-en-Provence, les urgences pédiatriques, neuro-vasculaire " +
	"St Ste Dr Mme aujourd'hui cœur naevus Çà et là dans une des aux notre est Montréal cardiologique cardiologie " +
	"chevaux animaux généralistes infirmières kinésithérapeutes ophtalmologiste phtisie rythme CHU SMUR 3e 1er " +
	"01 42 34 82 34 +33142348234 0033142348234 430000117 R211|356 2A004 94/666 75001 12/03 (0) 3-4 a.b.c ﬁn ß İ"

// Fingerprint changes when words become other terms than they did, or other words
// match them: a vocabulary made before is of no use then.
func Fingerprint() string {
	hash := sha256.New()
	for _, term := range Terms(specimens) {
		fmt.Fprintln(hash, term, Stem(term), PhoneticKey(term), PhoneTerm(term))
	}
	fmt.Fprintln(hash, formatName, MaxLetters, tierPoints, fieldPoints, len(stopWords), abbreviations)
	return hex.EncodeToString(hash.Sum(nil)[:8])
}
