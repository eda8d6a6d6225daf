package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
)

// profile is what this program looks at in a profile (profile.proto of github.com/google/pprof).
type profile struct {
	types, units []string
	period       int64
	samples      []sample
	mappings     int
}

type sample struct {
	values []int64
	frames []frame
	labels map[string]string
	bytes  int64 // the numeric label of that name
}

type frame struct {
	function, file string
	line           int64
}

var errShort = errors.New("a message is cut short")

// fields calls f for the fields of a message: v is the number, or b the bytes.
func fields(message []byte, f func(field int, v uint64, b []byte) error) error {
	for len(message) > 0 {
		key, n := varint(message)
		if n == 0 {
			return errShort
		}
		message = message[n:]
		v, n := varint(message)
		if n == 0 {
			return errShort
		}
		message = message[n:]
		var b []byte
		switch key & 7 {
		case 0:
		case 2:
			if v > uint64(len(message)) {
				return errShort
			}
			b, message = message[:v], message[v:]
		default:
			return errors.New("a field of an unexpected kind")
		}
		if err := f(int(key>>3), v, b); err != nil {
			return err
		}
	}
	return nil
}

func varint(b []byte) (v uint64, n int) {
	for i, c := range b {
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// numbers adds those of a repeated field, packed or not.
func numbers(list []uint64, v uint64, b []byte) []uint64 {
	if b == nil {
		return append(list, v)
	}
	for len(b) > 0 {
		v, n := varint(b)
		if n == 0 {
			break
		}
		list, b = append(list, v), b[n:]
	}
	return list
}

// first gives the numbers of a message of single numbers, by field.
func first(message []byte) (map[int]uint64, error) {
	m := map[int]uint64{}
	err := fields(message, func(field int, v uint64, b []byte) error {
		m[field] = v
		return nil
	})
	return m, err
}

func parse(data []byte) (*profile, error) {
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	data, err = io.ReadAll(zr)
	if err != nil {
		return nil, err
	}
	var (
		p         profile
		texts     []string
		types     []map[int]uint64
		samples   [][]byte
		functions = map[uint64]map[int]uint64{}
		locations = map[uint64][]map[int]uint64{}
	)
	err = fields(data, func(field int, v uint64, b []byte) error {
		switch field {
		case 1:
			m, err := first(b)
			types = append(types, m)
			return err
		case 2:
			samples = append(samples, b)
		case 3:
			p.mappings++
		case 4:
			var id uint64
			var lines []map[int]uint64
			err := fields(b, func(field int, v uint64, b []byte) error {
				switch field {
				case 1:
					id = v
				case 4:
					m, err := first(b)
					lines = append(lines, m)
					return err
				}
				return nil
			})
			locations[id] = lines
			return err
		case 5:
			m, err := first(b)
			functions[m[1]] = m
			return err
		case 6:
			texts = append(texts, string(b))
		case 12:
			p.period = int64(v)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, m := range types {
		p.types = append(p.types, texts[m[1]])
		p.units = append(p.units, texts[m[2]])
	}
	for _, b := range samples {
		s := sample{labels: map[string]string{}}
		err := fields(b, func(field int, v uint64, b []byte) error {
			switch field {
			case 1:
				for _, id := range numbers(nil, v, b) {
					for _, line := range locations[id] {
						f := functions[line[1]]
						s.frames = append(s.frames, frame{texts[f[2]], texts[f[4]], int64(line[2])})
					}
				}
			case 2:
				for _, v := range numbers(nil, v, b) {
					s.values = append(s.values, int64(v))
				}
			case 3:
				m, err := first(b)
				if texts[m[1]] == "bytes" {
					s.bytes = int64(m[3])
				} else {
					s.labels[texts[m[1]]] = texts[m[2]]
				}
				return err
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		p.samples = append(p.samples, s)
	}
	return &p, nil
}

// total is the sum of a value over all samples.
func (p *profile) total(value int) (sum int64) {
	for _, s := range p.samples {
		sum += s.values[value]
	}
	return sum
}

// percent is how much of a value the samples have that some frame of theirs satisfies.
func (p *profile) percent(value int, f func(frame) bool) int {
	var found int64
	for _, s := range p.samples {
		for _, frame := range s.frames {
			if f(frame) {
				found += s.values[value]
				break
			}
		}
	}
	return int(100 * found / max(1, p.total(value)))
}

func in(function string) func(frame) bool {
	return func(f frame) bool { return f.function == function }
}
