// Claim: a deferred close belongs after the check of the error of open; wrapped in a
// function literal its own error can be kept, without hiding an earlier one.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

func processFile(path string) (sum int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() {
		if cerr := f.Close(); cerr != nil {
			err = errors.Join(err, cerr)
		}
	}()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			return sum, err
		}
		sum += n
	}
	return sum, lines.Err()
}

func closedTwice(path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.Close()
}

func main() {
	dir, err := os.MkdirTemp("", "seed")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	good, bad := filepath.Join(dir, "good"), filepath.Join(dir, "bad")
	os.WriteFile(good, []byte("1\n2\n39\n"), 0o600)
	os.WriteFile(bad, []byte("1\nx\n"), 0o600)
	fmt.Println(processFile(good))
	fmt.Println(processFile(bad))
	_, err = processFile(filepath.Join(dir, "missing"))
	var pathError *fs.PathError
	fmt.Println(errors.Is(err, fs.ErrNotExist), errors.As(err, &pathError), pathError.Op, pathError.Err)
	_, err = processFile(dir)
	fmt.Println(errors.As(err, &pathError), pathError.Op, pathError.Err)
	err = closedTwice(good)
	fmt.Println(errors.Is(err, fs.ErrClosed))
}
