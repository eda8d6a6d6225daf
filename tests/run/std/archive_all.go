// archive/tar and archive/zip: writing, reading, file systems, formats, damaged archives.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/md5"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing/fstest"
	"time"
)

func main() {
	when := time.Date(2022, 3, 4, 5, 6, 8, 0, time.UTC)
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []*tar.Header{
		{Name: "dir/", Mode: 0o755, Typeflag: tar.TypeDir, ModTime: when},
		{Name: "dir/a.txt", Mode: 0o644, Size: 5, ModTime: when, Uname: "user", Gname: "grp", Uid: 1000},
		{Name: "link", Typeflag: tar.TypeSymlink, Linkname: "dir/a.txt", ModTime: when},
		{Name: strings.Repeat("long/", 40) + "name", Size: 3, ModTime: when.Add(5), Format: tar.FormatPAX, PAXRecords: map[string]string{"VENDOR.k": "v"}, AccessTime: when},
		{Name: "ünïcode", Size: 0, ModTime: when},
		{Name: "gnu", Size: 1, ModTime: when, Format: tar.FormatGNU, Uid: 1 << 30},
	} {
		fmt.Println(w.WriteHeader(h))
		if h.Size > 0 {
			fmt.Fprint(w, "hello"[:h.Size])
		}
	}
	fmt.Println(w.WriteHeader(&tar.Header{Name: "x", Size: 2, ModTime: when}))
	_, err := w.Write([]byte("toolong"))
	fmt.Println(err)
	fmt.Println(w.WriteHeader(&tar.Header{Name: "bad\x00", Size: -1}))
	fmt.Println(w.Close(), w.WriteHeader(&tar.Header{}))
	raw := b.Bytes()
	fmt.Printf("%d %x\n", len(raw), md5.Sum(raw))
	r := tar.NewReader(bytes.NewReader(raw))
	for {
		h, err := r.Next()
		if err != nil {
			fmt.Println(err)
			break
		}
		data, err := io.ReadAll(r)
		fmt.Println(h.Name, h.Size, string(h.Typeflag), h.Linkname, h.ModTime.UTC(), h.Mode, h.Uname, h.Uid, h.Format, h.PAXRecords, string(data), err, h.FileInfo().Mode())
	}
	for _, cut := range []int{10, 600, 1500, len(raw) / 2} {
		r := tar.NewReader(bytes.NewReader(raw[:cut]))
		var err error
		n := 0
		for err == nil {
			_, err = r.Next()
			n++
		}
		fmt.Println(cut, n, err)
	}
	broken := bytes.Clone(raw)
	broken[150] ^= 1
	_, err = tar.NewReader(bytes.NewReader(broken)).Next()
	fmt.Println(err)

	b.Reset()
	z := zip.NewWriter(&b)
	z.SetComment("archive comment")
	for i, name := range []string{"a.txt", "d/", "d/b.txt", "ü.bin"} {
		fw, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: uint16([]uint16{zip.Deflate, zip.Store}[i%2]), Modified: when, Comment: fmt.Sprint("c", i)})
		if err == nil && !strings.HasSuffix(name, "/") {
			fmt.Fprint(fw, strings.Repeat(name, 100))
		}
		fmt.Println(name, err)
	}
	raww, err := z.CreateRaw(&zip.FileHeader{Name: "raw", CRC32: 0xe8b7be43, CompressedSize64: 1, UncompressedSize64: 1})
	raww.Write([]byte("a"))
	fmt.Println(err, z.AddFS(fstest.MapFS{"fs/x.txt": {Data: []byte("from fs"), ModTime: when}}), z.Close())
	zraw := b.Bytes()
	fmt.Printf("%d %x\n", len(zraw), md5.Sum(zraw))
	zr, err := zip.NewReader(bytes.NewReader(zraw), int64(len(zraw)))
	fmt.Println(zr.Comment, err)
	for _, f := range zr.File {
		rc, err := f.Open()
		data, err2 := io.ReadAll(rc)
		off, _ := f.DataOffset()
		fmt.Println(f.Name, f.Method, f.CRC32, f.CompressedSize64, f.UncompressedSize64, f.Modified.UTC(), f.Comment, f.Mode(), err, err2, len(data), off)
	}
	data, err := fs.ReadFile(zr, "d/b.txt")
	fmt.Println(len(data), err)
	fs.WalkDir(zr, ".", func(p string, d fs.DirEntry, err error) error { fmt.Print(p, d.IsDir(), err, " "); return nil })
	fmt.Println(fstest.TestFS(zr, "a.txt", "fs/x.txt"))
	_, err = zr.Open("missing")
	fmt.Println(err)
	for _, at := range []int{35, 60} {
		bad := bytes.Clone(zraw)
		bad[at] ^= 0xff
		zr, err := zip.NewReader(bytes.NewReader(bad), int64(len(bad)))
		if err == nil {
			rc, err2 := zr.File[0].Open()
			if err2 == nil {
				_, err2 = io.ReadAll(rc)
			}
			err = err2
		}
		fmt.Println(at, err)
	}
	_, err = zip.NewReader(strings.NewReader("no zip"), 6)
	fmt.Println(err)
}
