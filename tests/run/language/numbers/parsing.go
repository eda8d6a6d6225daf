// Text to numbers and back by hand: bases, signs, overflow detection, digits, checks
// against strconv.
package main

import (
	"fmt"
	"strconv"
)

func parse(s string, base int) (n int64, ok bool) {
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	if s == "" {
		return 0, false
	}
	for _, c := range []byte(s) {
		d := 99
		switch {
		case '0' <= c && c <= '9':
			d = int(c - '0')
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			d = int(c|0x20-'a') + 10
		}
		if d >= base {
			return 0, false
		}
		next := n*int64(base) - int64(d)
		if next > n || n < -1<<63/int64(base) {
			return 0, false
		}
		n = next
	}
	if neg {
		return n, true
	}
	return -n, n != -1<<63
}

func format(n int64, base int) string {
	if n == 0 {
		return "0"
	}
	u, neg := uint64(n), n < 0
	if neg {
		u = -u
	}
	var buf [65]byte
	i := len(buf)
	for ; u > 0; u /= uint64(base) {
		i--
		buf[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[u%uint64(base)]
	}
	if neg {
		i--
		buf[i] = '-'
	}
	return string(buf[i:])
}

func main() {
	for _, s := range []string{"0", "-0", "+7", "42", "-42", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
		"-9223372036854775809", "99999999999999999999", "", "-", "12a", "ff", "zz", "1_0", " 1"} {
		for _, base := range []int{2, 10, 16, 36} {
			n, ok := parse(s, base)
			want, err := strconv.ParseInt(s, base, 64)
			if ok != (err == nil) || ok && n != want {
				fmt.Println("differs", s, base, n, ok, want, err)
			}
		}
		n, err := strconv.Atoi(s)
		fmt.Println(n, err)
	}
	for _, n := range []int64{0, 1, -1, 255, -256, 1<<63 - 1, -1 << 63} {
		for base := 2; base <= 36; base++ {
			if format(n, base) != strconv.FormatInt(n, base) {
				fmt.Println("differs", n, base)
			}
		}
		fmt.Println(format(n, 2), format(n, 16), format(n, 36))
	}
	fmt.Println(strconv.ParseUint("18446744073709551615", 10, 64))
	fmt.Println(strconv.ParseInt("300", 10, 8))
	fmt.Println(strconv.ParseInt("0x_1f", 0, 16))
	fmt.Println(strconv.ParseBool("T"))
	fmt.Println(strconv.Quote("é\x00\"\n\u200b"), strconv.AppendInt(nil, -5, 2))
}
