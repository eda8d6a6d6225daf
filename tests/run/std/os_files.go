// os, io/fs, path/filepath: files, folders, links, modes, errors, Root, walking.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

var dir string

func show(v ...any) {
	fmt.Println(strings.ReplaceAll(strings.TrimSpace(fmt.Sprintln(v...)), dir, "DIR"))
}

func main() {
	dir, _ = os.MkdirTemp("", "osfiles")
	defer os.RemoveAll(dir)
	syscall.Umask(0o22)
	p := func(s ...string) string { return filepath.Join(append([]string{dir}, s...)...) }
	show(os.WriteFile(p("a.txt"), []byte("hello"), 0o640))
	show(os.Mkdir(p("sub"), 0o755), os.Mkdir(p("sub"), 0o755), os.MkdirAll(p("x/y/z"), 0o700), os.Mkdir(p("no/such"), 0o755))
	fi, err := os.Stat(p("a.txt"))
	show(fi.Name(), fi.Size(), fi.Mode(), fi.IsDir(), err, fi.Mode().Perm(), fi.Sys() != nil)
	show(os.Symlink("a.txt", p("link")), os.Symlink("missing", p("dangling")), os.Link(p("a.txt"), p("hard")))
	l, err := os.Lstat(p("link"))
	show(l.Mode(), err, l.Mode()&fs.ModeSymlink != 0)
	show(os.Readlink(p("link")))
	show(os.Readlink(p("a.txt")))
	_, err = os.Stat(p("dangling"))
	show(err, os.IsNotExist(err))
	hi, _ := os.Stat(p("hard"))
	show(os.SameFile(fi, hi), os.SameFile(fi, l))
	f, err := os.OpenFile(p("rw"), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	show(err, f.Name())
	show(f.WriteString("0123456789"))
	show(f.Seek(3, io.SeekStart))
	b := make([]byte, 4)
	show(f.Read(b))
	show(f.ReadAt(b, 8))
	show(string(b), f.Truncate(5), f.Sync())
	show(f.WriteAt([]byte("ZZ"), 7))
	show(f.Seek(0, io.SeekEnd))
	show(f.Seek(-1, io.SeekStart))
	data, err := os.ReadFile(p("rw"))
	show(fmt.Sprintf("%q", data), err)
	show(f.Close(), f.Close())
	_, err = f.Write(b)
	show(err, errors.Is(err, os.ErrClosed), errors.Is(err, fs.ErrClosed))
	_, err = os.OpenFile(p("rw"), os.O_CREATE|os.O_EXCL, 0o666)
	show(err, os.IsExist(err))
	f, _ = os.OpenFile(p("rw"), os.O_APPEND|os.O_WRONLY, 0)
	f.WriteString("app")
	_, err = f.Read(b)
	show(err)
	_, err = f.WriteAt(b, 0)
	show(err)
	f.Close()
	show(os.Rename(p("rw"), p("sub", "moved")), os.Rename(p("none"), p("b")))
	show(os.Chmod(p("sub/moved"), 0o600), os.Chtimes(p("sub/moved"), time.Unix(1, 0), time.Unix(1e9, 5000)))
	fi, _ = os.Stat(p("sub/moved"))
	show(fi.Mode(), fi.ModTime().UTC())
	es, err := os.ReadDir(dir)
	for _, e := range es {
		show(e.Name(), e.Type(), e.IsDir(), e)
	}
	show(os.Remove(p("x")), os.Remove(p("nope")))
	_, err = os.ReadFile(dir)
	show(err)
	_, err = os.ReadDir(p("a.txt"))
	show(err)
	var pe *fs.PathError
	show(errors.As(err, &pe), pe.Op, pe.Err == syscall.ENOTDIR)
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		show("walk", path, d.IsDir(), err)
		if d.Name() == "y" {
			return filepath.SkipDir
		}
		return nil
	})
	fsys := os.DirFS(dir)
	data, err = fs.ReadFile(fsys, "a.txt")
	show(string(data), err)
	_, err = fsys.Open("../etc")
	show(err)
	m, err := fs.Glob(fsys, "*/*")
	show(m, err)
	m, err = filepath.Glob(p("[ah]*"))
	show(m, err)
	sub, _ := fs.Sub(fsys, "sub")
	st, err := fs.Stat(sub, "moved")
	show(st.Size(), err, fs.ValidPath("a/../b"), fs.FormatFileInfo(fi), fs.FormatDirEntry(es[0]))
	show(os.CopyFS(p("copy"), sub))
	d, _ := os.Open(dir)
	names, err := d.Readdirnames(2)
	show(len(names), err)
	names2, err := d.Readdirnames(-1)
	names = append(names, names2...)
	slices.Sort(names)
	show(names, err)
	_, err = d.Readdirnames(1)
	show(err)
	d.Close()

	root, err := os.OpenRoot(dir)
	show(err, root.Name())
	_, err = root.Open("../../etc/passwd")
	show(err)
	os.Symlink("/etc", p("escape"))
	_, err = root.Open("escape/passwd")
	show(err)
	show(root.WriteFile("in-root", []byte("r"), 0o644), root.Mkdir("rd", 0o755), root.Remove("rd"), root.MkdirAll("q/w", 0o755))
	rb, err := root.ReadFile("in-root")
	show(string(rb), err)
	root.Close()

	show(os.Chdir(dir))
	rel, err := filepath.Abs("a.txt")
	show(rel, err)
	show(os.Truncate("a.txt", 2), os.RemoveAll("x"), os.RemoveAll("x"))
	r, w, err := os.Pipe()
	w.WriteString("pipe")
	w.Close()
	data, err = io.ReadAll(r)
	show(string(data), err)
	nul, _ := os.Open("bad\x00name")
	_, err = os.Open("bad\x00name")
	show(nul == nil, err)
	show(errors.Is(syscall.ENOENT, fs.ErrNotExist), syscall.Errno(2), syscall.EAGAIN.Temporary(), syscall.Errno(9999), os.NewSyscallError("op", syscall.EPERM))
	ff, _ := os.Create(p("t"))
	show(ff.SetDeadline(time.Now()))
	show(ff.Chmod(0o777), ff.Fd() > 2)
	ff.Close()
}

func init() { os.Setenv("TMPDIR", os.TempDir()) }
