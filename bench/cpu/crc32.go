// The hash/crc32 package: both common polynomials, long and short messages.
package main

import (
	"hash/crc32"

	"bench/measure"
)

func main() {
	data := make([]byte, 1<<20)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	castagnoli := crc32.MakeTable(crc32.Castagnoli)
	measure.Row("crc32", len(data), func() uint64 {
		sum := uint64(crc32.ChecksumIEEE(data)) ^ uint64(crc32.Checksum(data, castagnoli))<<32
		for i := range 1000 {
			sum = sum*31 + uint64(crc32.ChecksumIEEE(data[i:i+100]))
		}
		return sum
	})
}
