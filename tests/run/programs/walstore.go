// A key-value store with a log on disk: checksummed records, segments, recovery from torn
// writes, compaction, snapshots of reads, transactions and ordered scans.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
)

// A record: checksum of the rest (4), sequence (8), operation count (4), then operations:
// kind (1), key length (4), value length (4), key, value.
const (
	headBytes = 16
	put       = 1
	del       = 2
)

var (
	errCorrupt  = errors.New("corrupt record")
	errConflict = errors.New("conflict")
	errClosed   = errors.New("closed")
)

type op struct {
	kind  byte
	key   string
	value []byte
}

func encode(seq uint64, ops []op) []byte {
	b := make([]byte, headBytes)
	binary.LittleEndian.PutUint64(b[4:], seq)
	binary.LittleEndian.PutUint32(b[12:], uint32(len(ops)))
	for _, o := range ops {
		b = append(b, o.kind)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(o.key)))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(o.value)))
		b = append(b, o.key...)
		b = append(b, o.value...)
	}
	binary.LittleEndian.PutUint32(b, crc32.ChecksumIEEE(b[4:]))
	return b
}

func decode(r *bufio.Reader) (seq uint64, ops []op, n int, err error) {
	head := make([]byte, headBytes)
	if n, err = io.ReadFull(r, head); err != nil {
		if err == io.ErrUnexpectedEOF {
			err = errCorrupt
		}
		return
	}
	sum := crc32.NewIEEE()
	sum.Write(head[4:])
	seq = binary.LittleEndian.Uint64(head[4:])
	count := binary.LittleEndian.Uint32(head[12:])
	if count > 1<<20 {
		return 0, nil, n, errCorrupt
	}
	for range count {
		var h [9]byte
		if _, err = io.ReadFull(r, h[:]); err != nil {
			return 0, nil, n, errCorrupt
		}
		sum.Write(h[:])
		k, v := binary.LittleEndian.Uint32(h[1:]), binary.LittleEndian.Uint32(h[5:])
		if k > 1<<20 || v > 1<<26 {
			return 0, nil, n, errCorrupt
		}
		data := make([]byte, k+v)
		if _, err = io.ReadFull(r, data); err != nil {
			return 0, nil, n, errCorrupt
		}
		sum.Write(data)
		ops = append(ops, op{h[0], string(data[:k]), data[k:]})
		n += len(h) + len(data)
	}
	if sum.Sum32() != binary.LittleEndian.Uint32(head) {
		return 0, nil, n, errCorrupt
	}
	return
}

// version is one value of a key; a nil value means deleted.
type version struct {
	seq   uint64
	value []byte
}

type Store struct {
	mu       sync.RWMutex
	dir      string
	log      *os.File
	segment  int
	written  int
	seq      uint64
	table    map[string][]version
	keys     []string // sorted
	readers  map[uint64]int
	closed   bool
	maxBytes int
	stats    struct{ records, torn, compactions int }
}

func (s *Store) path(n int) string { return filepath.Join(s.dir, fmt.Sprintf("%06d.wal", n)) }

func Open(dir string, maxBytes int) (*Store, error) {
	s := &Store{dir: dir, table: map[string][]version{}, readers: map[uint64]int{}, maxBytes: maxBytes}
	names, err := filepath.Glob(filepath.Join(dir, "*.wal"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	for i, name := range names {
		fmt.Sscanf(filepath.Base(name), "%d.wal", &s.segment)
		if err := s.replay(name, i == len(names)-1); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
	}
	if len(names) == 0 {
		s.segment = 1
	}
	s.log, err = os.OpenFile(s.path(s.segment), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o644)
	return s, err
}

// replay applies a segment. A torn record at the end of the last one is cut off.
func (s *Store) replay(name string, last bool) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	good := 0
	for {
		seq, ops, n, err := decode(r)
		switch {
		case err == io.EOF:
			s.written = good
			return nil
		case err != nil && last:
			s.stats.torn++
			s.written = good
			return f.Truncate(int64(good))
		case err != nil:
			return err
		}
		good += n
		s.seq = max(s.seq, seq)
		s.stats.records++
		s.apply(seq, ops)
	}
}

func (s *Store) apply(seq uint64, ops []op) {
	for _, o := range ops {
		vs := s.table[o.key]
		if len(vs) == 0 {
			i, _ := slices.BinarySearch(s.keys, o.key)
			s.keys = slices.Insert(s.keys, i, o.key)
		}
		var v []byte
		if o.kind == put {
			v = append([]byte{}, o.value...)
		}
		s.table[o.key] = append(vs, version{seq, v})
	}
}

func (s *Store) at(key string, seq uint64) []byte {
	vs := s.table[key]
	for i := len(vs) - 1; i >= 0; i-- {
		if vs[i].seq <= seq {
			return vs[i].value
		}
	}
	return nil
}

// Tx sees the store as it was when it began, and its own writes.
type Tx struct {
	s     *Store
	seq   uint64
	own   map[string]op
	reads map[string]bool
}

func (s *Store) begin() *Tx {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readers[s.seq]++
	return &Tx{s, s.seq, map[string]op{}, map[string]bool{}}
}

func (t *Tx) Get(key string) ([]byte, bool) {
	if o, ok := t.own[key]; ok {
		return o.value, o.kind == put
	}
	t.reads[key] = true
	t.s.mu.RLock()
	defer t.s.mu.RUnlock()
	v := t.s.at(key, t.seq)
	return v, v != nil
}

func (t *Tx) Put(key string, value []byte) { t.own[key] = op{put, key, append([]byte{}, value...)} }
func (t *Tx) Delete(key string)            { t.own[key] = op{del, key, nil} }

// Scan goes through the keys from lo up to hi in order.
func (t *Tx) Scan(lo, hi string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		t.s.mu.RLock()
		from, _ := slices.BinarySearch(t.s.keys, lo)
		to, _ := slices.BinarySearch(t.s.keys, hi)
		keys := slices.Clone(t.s.keys[from:to])
		t.s.mu.RUnlock()
		for k := range t.own {
			if k >= lo && k < hi {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		for _, k := range slices.Compact(keys) {
			if v, ok := t.Get(k); ok && !yield(k, v) {
				return
			}
		}
	}
}

func (s *Store) release(t *Tx) {
	if s.readers[t.seq]--; s.readers[t.seq] == 0 {
		delete(s.readers, t.seq)
	}
}

func (s *Store) commit(t *Tx) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.release(t)
	if s.closed {
		return errClosed
	}
	for _, k := range slices.Sorted(maps.Keys(t.reads)) {
		if vs := s.table[k]; len(vs) > 0 && vs[len(vs)-1].seq > t.seq {
			return fmt.Errorf("%w on %s", errConflict, k)
		}
	}
	if len(t.own) == 0 {
		return nil
	}
	var ops []op
	for _, o := range t.own {
		ops = append(ops, o)
	}
	slices.SortFunc(ops, func(a, b op) int { return cmp.Compare(a.key, b.key) })
	b := encode(s.seq+1, ops)
	if _, err := s.log.Write(b); err != nil {
		return err
	}
	s.seq++
	s.written += len(b)
	s.apply(s.seq, ops)
	if s.written > s.maxBytes {
		return s.compact()
	}
	return nil
}

// Update runs f in a transaction, again if another one was faster.
func (s *Store) Update(f func(*Tx) error) error {
	for {
		t := s.begin()
		if err := f(t); err != nil {
			s.mu.Lock()
			s.release(t)
			s.mu.Unlock()
			return err
		}
		if err := s.commit(t); !errors.Is(err, errConflict) {
			return err
		}
	}
}

func (s *Store) View(f func(*Tx)) {
	t := s.begin()
	f(t)
	s.mu.Lock()
	s.release(t)
	s.mu.Unlock()
}

// compact writes the newest values to a new segment and forgets what no reader needs.
func (s *Store) compact() error {
	s.stats.compactions++
	var ops []op
	oldest := s.seq
	for seq := range s.readers {
		oldest = min(oldest, seq)
	}
	var keys []string
	for _, k := range s.keys {
		vs := s.table[k]
		first := 0
		for i, v := range vs {
			if v.seq <= oldest {
				first = i
			}
		}
		vs = vs[first:]
		if len(vs) == 1 && vs[0].value == nil {
			delete(s.table, k)
			continue
		}
		s.table[k] = slices.Clone(vs)
		keys = append(keys, k)
		if v := vs[len(vs)-1].value; v != nil {
			ops = append(ops, op{put, k, v})
		}
	}
	s.keys = keys
	temp := s.path(s.segment+1) + ".tmp"
	b := encode(s.seq, ops)
	if err := os.WriteFile(temp, b, 0o644); err != nil {
		return err
	}
	if err := os.Rename(temp, s.path(s.segment+1)); err != nil {
		return err
	}
	s.log.Close()
	os.Remove(s.path(s.segment))
	s.segment++
	s.written = 0
	var err error
	s.log, err = os.OpenFile(s.path(s.segment), os.O_RDWR|os.O_APPEND, 0)
	return err
}

func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return s.log.Close()
}

func (s *Store) dump() string {
	var b strings.Builder
	s.View(func(t *Tx) {
		for k, v := range t.Scan("", "\xff") {
			fmt.Fprintf(&b, "%s=%s ", k, v)
		}
	})
	return b.String()
}

func main() {
	dir, _ := os.MkdirTemp("", "wal")
	defer os.RemoveAll(dir)
	s, err := Open(dir, 1<<14)
	fmt.Println(err, s.dump())
	for i, k := range strings.Fields("pear apple fig kiwi date") {
		s.Update(func(t *Tx) error { t.Put(k, fmt.Append(nil, i)); return nil })
	}
	s.Update(func(t *Tx) error { t.Delete("fig"); t.Put("lime", []byte("new")); return nil })
	fmt.Println(s.dump())
	fmt.Println(s.Update(func(t *Tx) error { t.Put("never", nil); return errors.New("changed my mind") }))
	// A reader keeps its view.
	old := s.begin()
	s.Update(func(t *Tx) error { t.Put("apple", []byte("changed")); t.Delete("pear"); return nil })
	for k, v := range old.Scan("a", "q") {
		fmt.Print(k, "=", string(v), " ")
	}
	old.Put("kiwi", []byte("from the past"))
	fmt.Println(s.commit(old))
	fmt.Println(s.dump())
	s.Close()
	fmt.Println(s.Update(func(t *Tx) error { t.Put("x", nil); return nil }))
	s, err = Open(dir, 1<<14)
	fmt.Println(err, s.stats.records, s.dump())
	s.Close()
	// Every prefix of the log gives a prefix of the history.
	whole, _ := os.ReadFile(s.path(s.segment))
	seen := map[string]int{}
	for cut := range len(whole) {
		d2, _ := os.MkdirTemp("", "torn")
		os.WriteFile(filepath.Join(d2, "000001.wal"), whole[:cut], 0o644)
		t, err := Open(d2, 1<<14)
		if err != nil {
			fmt.Println(err)
		}
		seen[fmt.Sprint(t.seq)]++
		t.Close()
		os.RemoveAll(d2)
	}
	fmt.Println(len(whole), seen)
	bad := bytes.Clone(whole)
	bad[30] ^= 1
	d3, _ := os.MkdirTemp("", "bad")
	defer os.RemoveAll(d3)
	os.WriteFile(filepath.Join(d3, "000001.wal"), bad, 0o644)
	os.WriteFile(filepath.Join(d3, "000002.wal"), whole, 0o644)
	_, err = Open(d3, 1<<14)
	fmt.Println(err, errors.Is(err, errCorrupt))

	// Counters under contention, with compaction on the way.
	s, _ = Open(dir, 1<<13)
	var wg sync.WaitGroup
	var tries, inconsistent atomic.Int32
	for w := range 8 {
		wg.Go(func() {
			for i := range 50 {
				s.Update(func(t *Tx) error {
					tries.Add(1)
					for _, k := range []string{"sum", fmt.Sprint("w", w)} {
						n := 0
						if v, ok := t.Get(k); ok {
							fmt.Sscan(string(v), &n)
						}
						t.Put(k, fmt.Append(nil, n+i))
					}
					return nil
				})
			}
		})
		wg.Go(func() {
			for range 30 {
				s.View(func(t *Tx) {
					sum, parts := 0, 0
					if v, ok := t.Get("sum"); ok {
						fmt.Sscan(string(v), &sum)
					}
					for _, v := range t.Scan("w", "x") {
						n := 0
						fmt.Sscan(string(v), &n)
						parts += n
					}
					if sum != parts {
						inconsistent.Add(1)
					}
				})
			}
		})
	}
	wg.Wait()
	fmt.Println(inconsistent.Load(), tries.Load() >= 400, s.stats.compactions > 0, len(s.readers))
	fmt.Println(s.dump())
	s.Close()
	s, err = Open(dir, 1<<13)
	fmt.Println(err, s.dump())
	s.Close()
}
