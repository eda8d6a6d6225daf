// io, bufio, iotest: readers and writers of all kinds, pipes, limits, scanners.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing/iotest"
)

type onlyReader struct{ io.Reader }
type onlyWriter struct{ io.Writer }
type shortWriter struct{ n int }

func (s *shortWriter) Write(p []byte) (int, error) {
	if len(p) > s.n {
		return s.n, nil
	}
	s.n -= len(p)
	return len(p), nil
}

type bad struct{}

func (bad) Read([]byte) (int, error)    { return 0, nil }
func (bad) Write(p []byte) (int, error) { return 0, errors.New("write refused") }

func main() {
	var buf bytes.Buffer
	src := "the quick brown fox jumps"
	fmt.Println(io.Copy(onlyWriter{&buf}, onlyReader{strings.NewReader(src)}))
	fmt.Println(io.CopyN(&buf, strings.NewReader(src), 9))
	fmt.Println(io.CopyN(&buf, strings.NewReader(src), 99))
	fmt.Println(io.CopyBuffer(onlyWriter{io.Discard}, onlyReader{&buf}, make([]byte, 3)))
	fmt.Println(io.Copy(&shortWriter{4}, onlyReader{strings.NewReader(src)}))
	fmt.Println(io.Copy(bad{}, strings.NewReader(src)))
	p := make([]byte, 4)
	fmt.Println(io.ReadFull(strings.NewReader("abc"), p))
	fmt.Println(io.ReadFull(strings.NewReader(""), p))
	fmt.Println(io.ReadAtLeast(iotest.OneByteReader(strings.NewReader("abcdef")), p, 2))
	fmt.Println(io.ReadAtLeast(strings.NewReader("abcdef"), p, 9))
	lr := io.LimitReader(strings.NewReader(src), 7).(*io.LimitedReader)
	b, err := io.ReadAll(lr)
	fmt.Printf("%q %v %d\n", b, err, lr.N)
	mr := io.MultiReader(strings.NewReader("a"), strings.NewReader(""), io.MultiReader(strings.NewReader("b"), strings.NewReader("c")))
	b, err = io.ReadAll(mr)
	fmt.Printf("%q %v\n", b, err)
	var t1, t2 bytes.Buffer
	tee := io.TeeReader(strings.NewReader("tee"), io.MultiWriter(&t1, onlyWriter{&t2}))
	io.ReadAll(tee)
	n, err := io.WriteString(io.MultiWriter(&t1, &shortWriter{1}), "long")
	fmt.Println(t1.String(), t2.String(), n, err)
	sr := io.NewSectionReader(strings.NewReader(src), 4, 5)
	b, _ = io.ReadAll(sr)
	fmt.Println(string(b), sr.Size())
	fmt.Println(sr.Seek(-2, io.SeekEnd))
	fmt.Println(sr.ReadAt(p, 3))
	f, _ := os.CreateTemp("", "io")
	defer os.Remove(f.Name())
	ow := io.NewOffsetWriter(f, 10)
	ow.Write([]byte("xyz"))
	ow.WriteAt([]byte("Q"), 1)
	ow.Seek(1, io.SeekCurrent)
	ow.Write([]byte("!"))
	all, _ := os.ReadFile(f.Name())
	fmt.Printf("%q\n", all)

	pr, pw := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 3 {
			fmt.Fprintf(pw, "message %d\n", i)
		}
		pw.CloseWithError(errors.New("writer gone"))
	})
	sc := bufio.NewScanner(pr)
	for sc.Scan() {
		fmt.Println(sc.Text())
	}
	fmt.Println(sc.Err())
	wg.Wait()
	pr.Close()
	_, err = pw.Write([]byte("x"))
	fmt.Println(err)
	pr, pw = io.Pipe()
	go pr.CloseWithError(errors.New("reader gone"))
	_, err = pw.Write([]byte("x"))
	fmt.Println(err)

	br := bufio.NewReaderSize(iotest.HalfReader(strings.NewReader("line one\nline two is rather long for the buffer\r\nend")), 16)
	pk, err := br.Peek(4)
	fmt.Printf("%q %v %d\n", pk, err, br.Buffered())
	for {
		l, pre, err := br.ReadLine()
		fmt.Printf("%q %t %v; ", l, pre, err)
		if err != nil {
			break
		}
	}
	fmt.Println(br.UnreadByte(), br.UnreadRune())
	br.Reset(strings.NewReader("αβγ,x"))
	r, size, _ := br.ReadRune()
	fmt.Println(string(r), size, br.UnreadRune(), br.UnreadRune())
	s, err := br.ReadString(',')
	d, err2 := br.Discard(5)
	fmt.Println(s, err, d, err2)
	_, err = br.Peek(100)
	fmt.Println(err)
	br.Reset(strings.NewReader(strings.Repeat("z", 40)))
	_, err = br.ReadSlice('\n')
	fmt.Println(err)
	_, err = bufio.NewReader(bad{}).ReadByte()
	fmt.Println(err)
	bw := bufio.NewWriterSize(&shortWriter{10}, 16)
	bw.WriteString("0123456789")
	fmt.Println(bw.Available(), bw.Buffered(), bw.Size(), bw.Flush())
	bw.WriteRune('é')
	fmt.Println(bw.Flush(), bw.WriteByte('x'))
	bw.Reset(os.Stdout)
	bw.ReadFrom(strings.NewReader("through bufio\n"))
	bw.Flush()
	rw := bufio.NewReadWriter(bufio.NewReader(strings.NewReader("in")), bufio.NewWriter(os.Stdout))
	x, _ := rw.ReadByte()
	rw.WriteByte(x)
	rw.WriteByte('\n')
	rw.Flush()

	for name, split := range map[string]bufio.SplitFunc{"words": bufio.ScanWords} {
		sc := bufio.NewScanner(strings.NewReader("  a bb\tccc\n dddd "))
		sc.Split(split)
		for sc.Scan() {
			fmt.Print(name, ":", sc.Text(), " ")
		}
	}
	sc = bufio.NewScanner(strings.NewReader("é\xffx"))
	sc.Split(bufio.ScanRunes)
	for sc.Scan() {
		fmt.Printf("%q ", sc.Text())
	}
	sc = bufio.NewScanner(strings.NewReader(strings.Repeat("y", 100)))
	sc.Buffer(nil, 50)
	fmt.Println(sc.Scan(), sc.Err())
	sc = bufio.NewScanner(strings.NewReader("1,2,STOP,4"))
	sc.Split(func(data []byte, eof bool) (int, []byte, error) {
		i := bytes.IndexByte(data, ',')
		if i < 0 {
			return 0, nil, nil
		}
		if string(data[:i]) == "STOP" {
			return i, []byte("last"), bufio.ErrFinalToken
		}
		return i + 1, data[:i], nil
	})
	for sc.Scan() {
		fmt.Print(sc.Text(), " ")
	}
	fmt.Println(sc.Err())
	func() {
		defer func() { fmt.Println(recover()) }()
		sc.Buffer(nil, 1)
	}()
	fmt.Println(iotest.TestReader(strings.NewReader("content"), []byte("content")))
	tr := iotest.TimeoutReader(iotest.DataErrReader(strings.NewReader("data")))
	fmt.Println(tr.Read(p))
	fmt.Println(tr.Read(p))
}
