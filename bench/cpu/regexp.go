// The regexp package: one-pass, backtracking and general expressions over a text.
package main

import (
	"regexp"
	"strings"

	"bench/measure"
)

const lines = `2031-04-17 12:30:01 INFO  server: request from 10.20.30.40 took 12.5ms path=/index.html
2031-04-17 12:30:02 WARN  worker-7: queue length 9000 near limit user=someone@example.org
2031-04-17 12:30:05 ERROR server: no route to fe80::1 after 3 tries (giving up)
`

func main() {
	text := strings.Repeat(lines, 20)
	date := regexp.MustCompile(`(\d{4})-(\d\d)-(\d\d)`)
	address := regexp.MustCompile(`\b(\d{1,3}\.){3}\d{1,3}\b`)
	mail := regexp.MustCompile(`[a-z0-9.]+@[a-z0-9]+\.(org|com|net)`)
	level := regexp.MustCompile(`(?m)^\S+ \S+ (INFO|WARN|ERROR)\s+(\w+(?:-\d+)?):`)
	whole := regexp.MustCompile(`^(\d+)-(\d+)-(\d+)$`)
	measure.Row("regexp", len(text), func() uint64 {
		sum := len(address.FindAllString(text, -1)) + len(mail.FindAllStringIndex(text, -1))
		sum += len(date.ReplaceAllString(text, "$3.$2.$1"))
		for _, match := range level.FindAllStringSubmatch(text, -1) {
			sum += len(match[1]) * len(match[2])
		}
		for _, s := range []string{"2031-04-17", "2031-04-1x", "1-2-3"} {
			if whole.MatchString(s) {
				sum++
			}
		}
		return uint64(sum)
	})
}
