// hash/*: known sums, chunked writing, marshalled states, maphash's own rules.
package main

import (
	"encoding"
	"fmt"
	"hash"
	"hash/adler32"
	"hash/crc32"
	"hash/crc64"
	"hash/fnv"
	"hash/maphash"
)

func main() {
	data := make([]byte, 3000)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	hs := map[string]func() hash.Hash{
		"adler32": func() hash.Hash { return adler32.New() }, "crc32": func() hash.Hash { return crc32.NewIEEE() }, "castagnoli": func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }, "koopman": func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Koopman)) },
		"crc64iso": func() hash.Hash { return crc64.New(crc64.MakeTable(crc64.ISO)) }, "crc64ecma": func() hash.Hash { return crc64.New(crc64.MakeTable(crc64.ECMA)) },
		"fnv32": func() hash.Hash { return fnv.New32() }, "fnv32a": func() hash.Hash { return fnv.New32a() }, "fnv64": func() hash.Hash { return fnv.New64() }, "fnv64a": func() hash.Hash { return fnv.New64a() }, "fnv128": func() hash.Hash { return fnv.New128() }, "fnv128a": func() hash.Hash { return fnv.New128a() },
	}
	for _, name := range []string{"adler32", "crc32", "castagnoli", "koopman", "crc64iso", "crc64ecma", "fnv32", "fnv32a", "fnv64", "fnv64a", "fnv128", "fnv128a"} {
		h := hs[name]()
		fmt.Println(name, h.Size(), h.BlockSize())
		for _, n := range []int{0, 1, 3, 15, 16, 17, 64, 100, 255, 1024, 3000} {
			h.Reset()
			h.Write(data[:n])
			fmt.Printf("%x ", h.Sum(nil))
		}
		fmt.Println()
		h.Reset()
		for i := 0; i < len(data); i += 7 {
			h.Write(data[i:min(i+7, len(data))])
			if i == 700 {
				st, err := h.(encoding.BinaryMarshaler).MarshalBinary()
				h = hs[name]()
				fmt.Printf("%x %v %v\n", st, err, h.(encoding.BinaryUnmarshaler).UnmarshalBinary(st))
			}
		}
		fmt.Printf("%x %v\n", h.Sum([]byte{0xaa}), h.(encoding.BinaryUnmarshaler).UnmarshalBinary([]byte("x")))
	}
	fmt.Println(crc32.ChecksumIEEE([]byte("123456789")), crc32.Checksum([]byte("123456789"), crc32.MakeTable(crc32.Castagnoli)), crc32.Update(5, crc32.IEEETable, data))
	seed := maphash.MakeSeed()
	var mh maphash.Hash
	mh.SetSeed(seed)
	mh.WriteString("hello ")
	mh.WriteByte('w')
	mh.Write([]byte("orld"))
	fmt.Println(mh.Sum64() == maphash.String(seed, "hello world"), maphash.Bytes(seed, data) == maphash.Bytes(seed, data), maphash.String(seed, "a") == maphash.String(maphash.MakeSeed(), "a"))
	type k struct {
		a int
		s string
		f float64
		i any
	}
	fmt.Println(maphash.Comparable(seed, k{1, "x", 0, 3}) == maphash.Comparable(seed, k{1, "x", 0, 3}), maphash.Comparable(seed, 1) == maphash.Comparable(seed, 2))
	func() {
		defer func() { fmt.Println(recover()) }()
		maphash.Comparable[any](seed, []int{})
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		maphash.String(maphash.Seed{}, "x")
	}()
}
