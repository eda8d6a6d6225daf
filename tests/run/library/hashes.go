// Hashes, checksums and ciphers that the runtime does with the processor's instructions:
// every length around a block's, and pieces that begin anywhere.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
)

func text(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * i >> 3)
	}
	return b
}

// short is the first bytes of a sum of sums.
func short(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:8]) }

func sums() {
	data := text(300_000)
	lengths := []int{0, 1, 4096, 65535, 65536, 65537, 262144, 299_990}
	for n := range 300 {
		lengths = append(lengths, n)
	}
	sha2, sha5 := sha256.New(), sha512.New()
	ieee, castagnoli := crc32.MakeTable(crc32.IEEE), crc32.MakeTable(crc32.Castagnoli)
	koopman := crc32.MakeTable(crc32.Koopman)
	var crcs uint64
	for _, n := range lengths {
		for _, start := range []int{0, 1, 7} {
			part := data[start : start+n]
			a, b, c := sha256.Sum256(part), sha512.Sum512(part), sha256.Sum224(part)
			sha2.Write(a[:])
			sha5.Write(b[:])
			sha2.Write(c[:])
			for _, table := range []*crc32.Table{ieee, castagnoli, koopman} {
				crcs = crcs*31 + uint64(crc32.Checksum(part, table))
			}
		}
	}
	fmt.Println(short(sha2), short(sha5), crcs)
	// In pieces.
	h, mac, crc := sha256.New(), hmac.New(sha512.New, []byte("key")), crc32.New(castagnoli)
	for from, n := 0, 1; from+n < len(data); from, n = from+n, n*2+1 {
		h.Write(data[from : from+n])
		mac.Write(data[from : from+n])
		crc.Write(data[from : from+n])
	}
	fmt.Println(short(h), short(mac), crc.Sum32())
	fmt.Printf("%08x %08x\n", crc32.ChecksumIEEE([]byte("123456789")), crc32.Checksum([]byte("123456789"), castagnoli))
}

func ciphers() {
	data := text(70_000)
	for _, size := range []int{16, 24, 32} {
		block, err := aes.NewCipher(data[100 : 100+size])
		if err != nil {
			panic(err)
		}
		var one, back [16]byte
		block.Encrypt(one[:], data[3:])
		block.Decrypt(back[:], one[:])
		fmt.Println(size, hex.EncodeToString(one[:]), bytes.Equal(back[:], data[3:19]))

		sum := sha256.New()
		for _, n := range []int{0, 1, 15, 16, 17, 31, 127, 128, 129, 1000, 69_990} {
			out := make([]byte, n)
			// A counter about to carry out of its low half.
			iv := bytes.Repeat([]byte{0xff}, 16)
			iv[0] = 7
			cipher.NewCTR(block, iv).XORKeyStream(out, data[:n])
			sum.Write(out)

			whole := n &^ 15
			cipher.NewCBCEncrypter(block, iv).CryptBlocks(out[:whole], data[:whole])
			sum.Write(out)
			cipher.NewCBCDecrypter(block, iv).CryptBlocks(out[:whole], out[:whole])
			if !bytes.Equal(out[:whole], data[:whole]) {
				fmt.Println("CBC does not come back", n)
			}
		}
		fmt.Println(short(sum))
	}
}

func sealed() {
	data := text(70_000)
	sum := sha256.New()
	for _, size := range []int{16, 24, 32} {
		block, _ := aes.NewCipher(data[200 : 200+size])
		for _, nonceSize := range []int{12, 16, 5} {
			gcm, err := cipher.NewGCMWithNonceSize(block, nonceSize)
			if err != nil {
				panic(err)
			}
			nonce := bytes.Repeat([]byte{0xfe}, nonceSize)
			for _, n := range []int{0, 1, 15, 16, 17, 63, 64, 65, 300, 69_999} {
				message := gcm.Seal(nil, nonce, data[:n], data[:n%40])
				sum.Write(message)
				opened, err := gcm.Open(nil, nonce, message, data[:n%40])
				if err != nil || !bytes.Equal(opened, data[:n]) {
					fmt.Println("GCM does not come back", size, nonceSize, n, err)
				}
				message[n/2] ^= 1
				if _, err := gcm.Open(nil, nonce, message, data[:n%40]); err == nil {
					fmt.Println("a change was not seen", n)
				}
			}
		}
	}
	fmt.Println(short(sum))
}

func main() {
	sums()
	ciphers()
	sealed()
}
