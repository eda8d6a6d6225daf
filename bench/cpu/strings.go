// The strings package: splitting, searching, replacing, building, changing case.
package main

import (
	"strings"
	"unicode"

	"bench/measure"
)

const sentence = "The quick brown fox, jumping over 13 lazy dogs; naïve façade — done. "

func main() {
	text := strings.Repeat(sentence, 200)
	measure.Row("strings", len(text), func() uint64 {
		var sum int
		for _, word := range strings.Fields(text) {
			sum += len(strings.Trim(word, ",.;"))
		}
		sum += len(strings.Split(text, " "))
		sum += strings.Count(text, "o") + strings.Count(text, "dogs")
		sum += strings.Index(text, "no such words here") + strings.LastIndex(text, "quick")
		sum += len(strings.ReplaceAll(text, "lazy", "industrious"))
		sum += len(strings.ToUpper(text)) + strings.IndexByte(text, '!')
		var b strings.Builder
		for _, r := range text {
			if unicode.IsLetter(r) {
				b.WriteRune(unicode.ToLower(r))
			} else if b.Len() > 0 {
				b.WriteByte('_')
			}
		}
		joined := strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == '_' }), "+")
		if strings.HasPrefix(joined, "the") && strings.EqualFold(text[:3], "tHE") {
			sum += len(joined)
		}
		for line := range strings.SplitSeq(text, ". ") {
			if strings.Contains(line, "fox") {
				sum++
			}
		}
		return uint64(sum)
	})
}
