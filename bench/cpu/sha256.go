// The crypto/sha256 package: one long message and many short ones.
package main

import (
	"crypto/sha256"
	"encoding/binary"

	"bench/measure"
)

func main() {
	data := make([]byte, 1<<20)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	measure.Row("sha256", len(data), func() uint64 {
		sum := sha256.Sum256(data)
		h := sha256.New()
		for i := range 2000 {
			h.Reset()
			h.Write(data[i : i+40])
			h.Write(sum[:])
			sum = [32]byte(h.Sum(nil))
		}
		return binary.BigEndian.Uint64(sum[:])
	})
}
