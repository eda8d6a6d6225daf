// crypto: digests, HMAC, KDFs, block ciphers and modes against each other and fixed values.
package main

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/rc4"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"crypto/subtle"
	"encoding"
	"fmt"
	"hash"
	"io"
)

func main() {
	data := make([]byte, 5000)
	for i := range data {
		data[i] = byte(i*7 + i>>5)
	}
	hs := []struct {
		n string
		f func() hash.Hash
	}{{"md5", md5.New}, {"sha1", sha1.New}, {"sha224", sha256.New224}, {"sha256", sha256.New}, {"sha384", sha512.New384}, {"sha512", sha512.New}, {"512/224", sha512.New512_224}, {"512/256", sha512.New512_256},
		{"3-224", func() hash.Hash { return sha3.New224() }}, {"3-256", func() hash.Hash { return sha3.New256() }}, {"3-512", func() hash.Hash { return sha3.New512() }}}
	for _, h := range hs {
		x := h.f()
		for _, n := range []int{0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 1000, 5000} {
			x.Reset()
			x.Write(data[:n])
			s := x.Sum(nil)
			fmt.Printf("%x ", s[:6])
		}
		x.Reset()
		for i := 0; i < 5000; i += 13 {
			x.Write(data[i:min(5000, i+13)])
		}
		m, _ := x.(encoding.BinaryMarshaler).MarshalBinary()
		y := h.f()
		fmt.Println(h.n, x.Size(), x.BlockSize(), len(m), y.(encoding.BinaryUnmarshaler).UnmarshalBinary(m), bytes.Equal(x.Sum(nil), y.Sum(nil)))
		mac := hmac.New(h.f, []byte("key"))
		mac.Write(data)
		fmt.Printf("%x\n", mac.Sum(nil))
	}
	sh := sha3.NewSHAKE128()
	sh.Write(data)
	out := make([]byte, 40)
	sh.Read(out)
	fmt.Printf("%x\n%x %x %x\n", out, sha256.Sum256([]byte("abc")), md5.Sum(nil), sha1.Sum([]byte("a")))
	k, err := pbkdf2.Key(sha256.New, "password", []byte("salt"), 1000, 32)
	fmt.Printf("%x %v\n", k, err)
	k, err = hkdf.Key(sha512.New, []byte("secret"), []byte("salt"), "info", 50)
	fmt.Printf("%x %v\n", k, err)
	fmt.Println(crypto.SHA256.New().Size(), crypto.SHA512_256, crypto.MD4.Available(), hmac.Equal([]byte("a"), []byte("a")), subtle.ConstantTimeCompare([]byte("a"), []byte("b")))

	key, iv := data[:32], data[100:116]
	for _, n := range []int{16, 24, 32} {
		b, err := aes.NewCipher(key[:n])
		d := make([]byte, 16)
		b.Encrypt(d, data)
		fmt.Printf("%x %v ", d, err)
		b.Decrypt(d, d)
		fmt.Println(bytes.Equal(d, data[:16]))
		for name, mode := range []func() ([]byte, []byte){
			func() ([]byte, []byte) {
				e, p := make([]byte, 160), make([]byte, 160)
				cipher.NewCBCEncrypter(b, iv).CryptBlocks(e, data[:160])
				cipher.NewCBCDecrypter(b, iv).CryptBlocks(p, e)
				return e, p
			},
			func() ([]byte, []byte) {
				e, p := make([]byte, 157), make([]byte, 157)
				cipher.NewCTR(b, iv).XORKeyStream(e, data[:157])
				cipher.NewCTR(b, iv).XORKeyStream(p, e)
				return e, p
			},
			func() ([]byte, []byte) {
				g, _ := cipher.NewGCM(b)
				e := g.Seal(nil, data[:12], data[:133], []byte("additional"))
				p, err := g.Open(nil, data[:12], e, []byte("additional"))
				_, err2 := g.Open(nil, data[:12], e, []byte("changed"))
				fmt.Println(err, err2, g.NonceSize(), g.Overhead())
				return e, p
			},
			func() ([]byte, []byte) {
				e, p := make([]byte, 50), make([]byte, 50)
				cipher.NewOFB(b, iv).XORKeyStream(e, data[:50])
				cipher.NewCFBDecrypter(b, iv).XORKeyStream(p, e)
				return e, p
			},
		} {
			e, p := mode()
			fmt.Printf("%d %x %t\n", name, sha1.Sum(e), bytes.Equal(p, data[:len(p)]))
		}
	}
	_, err = aes.NewCipher(key[:5])
	fmt.Println(err)
	db, _ := des.NewTripleDESCipher(key[:24])
	d := make([]byte, 8)
	db.Encrypt(d, data)
	rc, _ := rc4.NewCipher(key)
	e := make([]byte, 20)
	rc.XORKeyStream(e, data)
	fmt.Printf("%x %x\n", d, e)
	sr := cipher.StreamReader{S: cipher.NewCTR(must(aes.NewCipher(key)), iv), R: bytes.NewReader(data[:100])}
	all, _ := io.ReadAll(sr)
	fmt.Printf("%x\n", md5.Sum(all))
	func() {
		defer func() { fmt.Println(recover()) }()
		must(aes.NewCipher(key)).Encrypt(make([]byte, 3), data)
	}()
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
