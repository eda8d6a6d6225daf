//goxide:replace package

package runtime

import (
	"internal/bytealg"
	"unsafe"
)

// Conversions between strings, bytes and runes, and concatenation.

// newString gives an uninitialised string of n > 0 bytes and its bytes.
func newString(n int) (string, []byte) {
	p := mallocgc(uintptr(n), nil, 0)
	return unsafe.String((*byte)(p), n), unsafe.Slice((*byte)(p), n)
}

func concatstring2(a, b string) string {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	n := len(a) + len(b)
	if n < 0 {
		throw("string concatenation too long")
	}
	p := mallocgc(uintptr(n), nil, 0)
	memmove(p, unsafe.Pointer(unsafe.StringData(a)), uintptr(len(a)))
	memmove(add(p, uintptr(len(a))), unsafe.Pointer(unsafe.StringData(b)), uintptr(len(b)))
	return unsafe.String((*byte)(p), n)
}

func concatstring3(a, b, c string) string {
	parts := [3]string{a, b, c}
	return concatstrings(parts[:])
}

func concatstring4(a, b, c, d string) string {
	parts := [4]string{a, b, c, d}
	return concatstrings(parts[:])
}

func concatstring5(a, b, c, d, e string) string {
	parts := [5]string{a, b, c, d, e}
	return concatstrings(parts[:])
}

func concatstrings(parts []string) string {
	total, filled, last := 0, 0, 0
	for i, s := range parts {
		if len(s) == 0 {
			continue
		}
		total += len(s)
		if total < 0 {
			throw("string concatenation too long")
		}
		filled++
		last = i
	}
	if filled == 0 {
		return ""
	}
	if filled == 1 {
		return parts[last]
	}
	p := mallocgc(uintptr(total), nil, 0)
	to := p
	for _, s := range parts {
		memmove(to, unsafe.Pointer(unsafe.StringData(s)), uintptr(len(s)))
		to = unsafe.Pointer(uintptr(to) + uintptr(len(s)))
	}
	return unsafe.String((*byte)(p), total)
}

func slicebytetostring(p *byte, n int) string {
	if n == 0 {
		return ""
	}
	if n == 1 {
		return oneByteString(*p)
	}
	to := mallocgc(uintptr(n), nil, 0)
	memmove(to, unsafe.Pointer(p), uintptr(n))
	return unsafe.String((*byte)(to), n)
}

// oneByteString takes the low byte of a static word: the machine is little-endian.
func oneByteString(b byte) string {
	return unsafe.String((*byte)(unsafe.Pointer(&staticuint64s[b])), 1)
}

func slicebytetostringtmp(p *byte, n int) string {
	return unsafe.String(p, n)
}

func stringtoslicebyte(s string) []byte {
	if len(s) == 0 {
		return []byte{}
	}
	b := rawbytes(len(s))
	memmove(unsafe.Pointer(unsafe.SliceData(b)), unsafe.Pointer(unsafe.StringData(s)), uintptr(len(s)))
	return b
}

// rawbytes gives n > 0 bytes with the capacity of their size class; only what lies beyond n
// is zeroed.
func rawbytes(n int) []byte {
	size := usableSize(uintptr(n), true)
	p := mallocgc(size, nil, 0)
	memclr(add(p, uintptr(n)), size-uintptr(n))
	return unsafe.Slice((*byte)(p), size)[:n]
}

func stringtoslicerune(s string) []rune {
	n := countrunes(s)
	if n == 0 {
		return []rune{}
	}
	size := usableSize(uintptr(n)*4, true)
	p := mallocgc(size, nil, 0)
	memclr(add(p, uintptr(n)*4), size-uintptr(n)*4)
	runes := unsafe.Slice((*rune)(p), size/4)[:n]
	i := 0
	for _, r := range s {
		runes[i] = r
		i++
	}
	return runes
}

func countrunes(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}

func slicerunetostring(runes []rune) string {
	n := 0
	var buf [4]byte
	for _, r := range runes {
		n += encoderune(&buf, r)
	}
	if n == 0 {
		return ""
	}
	s, b := newString(n)
	for _, r := range runes {
		k := encoderune(&buf, r)
		copy(b, buf[:k])
		b = b[k:]
	}
	return s
}

func intstring(v int64) string {
	r := rune(v)
	if int64(r) != v {
		r = runeError
	}
	var buf [4]byte
	n := encoderune(&buf, r)
	if n == 1 {
		return oneByteString(buf[0])
	}
	s, b := newString(n)
	copy(b, buf[:n])
	return s
}

// UTF-8, RFC 3629.

const runeError = '\uFFFD'

// encoderune writes a rune and gives the number of bytes; what is not a Unicode scalar
// value is written as U+FFFD.
func encoderune(p *[4]byte, r rune) int {
	if 0xD800 <= r && r <= 0xDFFF || uint32(r) > 0x10FFFF {
		r = runeError
	}
	switch {
	case r < 0x80:
		p[0] = byte(r)
		return 1
	case r < 0x800:
		p[0] = 0xC0 | byte(r>>6)
		p[1] = 0x80 | byte(r&0x3F)
		return 2
	case r < 0x10000:
		p[0] = 0xE0 | byte(r>>12)
		p[1] = 0x80 | byte(r>>6&0x3F)
		p[2] = 0x80 | byte(r&0x3F)
		return 3
	}
	p[0] = 0xF0 | byte(r>>18)
	p[1] = 0x80 | byte(r>>12&0x3F)
	p[2] = 0x80 | byte(r>>6&0x3F)
	p[3] = 0x80 | byte(r&0x3F)
	return 4
}

// decoderune decodes the sequence that starts at s[k], not an ASCII byte, and gives the
// position behind it. Anything malformed is one byte of U+FFFD.
func decoderune(s string, k int) (r rune, next int) {
	s = s[k:]
	lead := s[0]
	var n int
	var least rune
	switch {
	case lead < 0x80:
		return rune(lead), k + 1
	case lead < 0xC2:
		return runeError, k + 1
	case lead < 0xE0:
		n, r, least = 2, rune(lead&0x1F), 0x80
	case lead < 0xF0:
		n, r, least = 3, rune(lead&0x0F), 0x800
	case lead < 0xF5:
		n, r, least = 4, rune(lead&0x07), 0x10000
	default:
		return runeError, k + 1
	}
	if len(s) < n {
		return runeError, k + 1
	}
	for i := 1; i < n; i++ {
		b := s[i]
		if b&0xC0 != 0x80 {
			return runeError, k + 1
		}
		r = r<<6 | rune(b&0x3F)
	}
	if r < least || r > 0x10FFFF || 0xD800 <= r && r <= 0xDFFF {
		return runeError, k + 1
	}
	return r, k + n
}

// C strings, as the kernel hands over arguments and environment.

func gostringnocopy(p *byte) string {
	n := 0
	for *(*byte)(add(unsafe.Pointer(p), uintptr(n))) != 0 {
		n++
	}
	return unsafe.String(p, n)
}

func gostring(p *byte) string {
	return cloneString(gostringnocopy(p))
}

func cloneString(s string) string {
	if len(s) == 0 {
		return ""
	}
	t, b := newString(len(s))
	copy(b, s)
	return t
}

// hasPrefix, index and atoi spare an import of strings and strconv.

func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

func indexByte(s string, c byte) int {
	return bytealg.IndexByteString(s, c)
}

// atoi parses a decimal integer with an optional sign.
func atoi(s string) (n int64, ok bool) {
	digits := s
	negative := len(s) > 0 && s[0] == '-'
	if negative {
		digits = s[1:]
	}
	if len(digits) == 0 {
		return 0, false
	}
	for i := 0; i < len(digits); i++ {
		d := digits[i] - '0'
		if d > 9 || n > (1<<63-1-int64(d))/10 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	if negative {
		n = -n
	}
	return n, true
}

// itoa writes v in decimal to the end of buf.
func itoa(buf *[20]byte, v uint64) []byte {
	i := len(buf) - 1
	for ; v >= 10; i-- {
		buf[i] = byte('0' + v%10)
		v /= 10
	}
	buf[i] = byte('0' + v)
	return buf[i:]
}

// cmpstring is defined by internal/bytealg.
//
//go:linkname cmpstring
func cmpstring(a, b string) int
