// Linear algebra with generics: exact rationals, floats and complex numbers; LU, QR and Cholesky
// decompositions, inverses, determinants, eigenvalues, conjugate gradients, a simplex solver,
// parallel and Strassen multiplication, and a parser for matrices.
package main

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/cmplx"
	"strconv"
	"strings"
	"sync"
)

// Field is what the elements of a matrix can do.
type Field[T any] interface {
	Add(T) T
	Sub(T) T
	Mul(T) T
	Div(T) T
	Neg() T
	IsZero() bool
	Size() float64
	fmt.Stringer
}

type Real float64

func (a Real) Add(b Real) Real { return a + b }
func (a Real) Sub(b Real) Real { return a - b }
func (a Real) Mul(b Real) Real { return a * b }
func (a Real) Div(b Real) Real { return a / b }
func (a Real) Neg() Real       { return -a }
func (a Real) IsZero() bool    { return math.Abs(float64(a)) < 1e-12 }
func (a Real) Size() float64   { return math.Abs(float64(a)) }
func (a Real) String() string {
	return strconv.FormatFloat(math.Round(float64(a)*1e6)/1e6+0, 'g', 8, 64)
}

type Complex complex128

func (a Complex) Add(b Complex) Complex { return a + b }
func (a Complex) Sub(b Complex) Complex { return a - b }
func (a Complex) Mul(b Complex) Complex { return a * b }
func (a Complex) Div(b Complex) Complex { return a / b }
func (a Complex) Neg() Complex          { return -a }
func (a Complex) IsZero() bool          { return cmplx.Abs(complex128(a)) < 1e-12 }
func (a Complex) Size() float64         { return cmplx.Abs(complex128(a)) }
func (a Complex) String() string        { return fmt.Sprintf("%.4g", complex128(a)) }

type Rat struct{ r *big.Rat }

func rat(a, b int64) Rat { return Rat{big.NewRat(a, b)} }
func (a Rat) val() *big.Rat {
	if a.r == nil {
		return new(big.Rat)
	}
	return a.r
}
func (a Rat) Add(b Rat) Rat  { return Rat{new(big.Rat).Add(a.val(), b.val())} }
func (a Rat) Sub(b Rat) Rat  { return Rat{new(big.Rat).Sub(a.val(), b.val())} }
func (a Rat) Mul(b Rat) Rat  { return Rat{new(big.Rat).Mul(a.val(), b.val())} }
func (a Rat) Div(b Rat) Rat  { return Rat{new(big.Rat).Quo(a.val(), b.val())} }
func (a Rat) Neg() Rat       { return Rat{new(big.Rat).Neg(a.val())} }
func (a Rat) IsZero() bool   { return a.val().Sign() == 0 }
func (a Rat) Size() float64  { f, _ := a.val().Float64(); return math.Abs(f) }
func (a Rat) String() string { return a.val().RatString() }

// Matrix is a dense matrix, row by row.
type Matrix[T Field[T]] struct {
	rows, cols int
	e          []T
}

var (
	errShape    = errors.New("shapes do not fit")
	errSingular = errors.New("matrix is singular")
)

func New[T Field[T]](rows, cols int) *Matrix[T] {
	return &Matrix[T]{rows, cols, make([]T, rows*cols)}
}

func Make[T Field[T]](rows, cols int, f func(i, j int) T) *Matrix[T] {
	m := New[T](rows, cols)
	for i := range m.e {
		m.e[i] = f(i/cols, i%cols)
	}
	return m
}

func Identity[T Field[T]](n int, one T) *Matrix[T] {
	m := New[T](n, n)
	for i := range n {
		m.Set(i, i, one)
	}
	return m
}

func (m *Matrix[T]) At(i, j int) T     { return m.e[i*m.cols+j] }
func (m *Matrix[T]) Set(i, j int, v T) { m.e[i*m.cols+j] = v }
func (m *Matrix[T]) Row(i int) []T     { return m.e[i*m.cols : (i+1)*m.cols] }
func (m *Matrix[T]) Clone() *Matrix[T] { return Make(m.rows, m.cols, m.At) }
func (m *Matrix[T]) T() *Matrix[T] {
	return Make(m.cols, m.rows, func(i, j int) T { return m.At(j, i) })
}
func (m *Matrix[T]) Zip(o *Matrix[T], f func(a, b T) T) *Matrix[T] {
	if m.rows != o.rows || m.cols != o.cols {
		panic(errShape)
	}
	return Make(m.rows, m.cols, func(i, j int) T { return f(m.At(i, j), o.At(i, j)) })
}
func (m *Matrix[T]) Add(o *Matrix[T]) *Matrix[T] { return m.Zip(o, T.Add) }
func (m *Matrix[T]) Sub(o *Matrix[T]) *Matrix[T] { return m.Zip(o, T.Sub) }

func (m *Matrix[T]) Mul(o *Matrix[T]) *Matrix[T] {
	if m.cols != o.rows {
		panic(fmt.Errorf("%w: %dx%d and %dx%d", errShape, m.rows, m.cols, o.rows, o.cols))
	}
	return Make(m.rows, o.cols, func(i, j int) (sum T) {
		for k := range m.cols {
			sum = sum.Add(m.At(i, k).Mul(o.At(k, j)))
		}
		return
	})
}

// MulParallel shares the rows among goroutines.
func (m *Matrix[T]) MulParallel(o *Matrix[T], workers int) *Matrix[T] {
	r := New[T](m.rows, o.cols)
	rows := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range rows {
				for j := range o.cols {
					var sum T
					for k := range m.cols {
						sum = sum.Add(m.At(i, k).Mul(o.At(k, j)))
					}
					r.Set(i, j, sum)
				}
			}
		})
	}
	for i := range m.rows {
		rows <- i
	}
	close(rows)
	wg.Wait()
	return r
}

// Strassen multiplies squares whose size is a power of two.
func (m *Matrix[T]) Strassen(o *Matrix[T]) *Matrix[T] {
	n := m.rows
	if n <= 4 {
		return m.Mul(o)
	}
	h := n / 2
	part := func(x *Matrix[T], i, j int) *Matrix[T] {
		return Make(h, h, func(a, b int) T { return x.At(i*h+a, j*h+b) })
	}
	a, b, c, d := part(m, 0, 0), part(m, 0, 1), part(m, 1, 0), part(m, 1, 1)
	e, f, g, k := part(o, 0, 0), part(o, 0, 1), part(o, 1, 0), part(o, 1, 1)
	p := [7]*Matrix[T]{a.Strassen(f.Sub(k)), a.Add(b).Strassen(k), c.Add(d).Strassen(e), d.Strassen(g.Sub(e)), a.Add(d).Strassen(e.Add(k)), b.Sub(d).Strassen(g.Add(k)), a.Sub(c).Strassen(e.Add(f))}
	q := [2][2]*Matrix[T]{{p[4].Add(p[3]).Sub(p[1]).Add(p[5]), p[0].Add(p[1])}, {p[2].Add(p[3]), p[0].Add(p[4]).Sub(p[2]).Sub(p[6])}}
	return Make(n, n, func(i, j int) T { return q[i/h][j/h].At(i%h, j%h) })
}

// LU is a decomposition with row exchanges.
type LU[T Field[T]] struct {
	lu   *Matrix[T]
	perm []int
	even bool
}

func (m *Matrix[T]) LU() (*LU[T], error) {
	if m.rows != m.cols {
		return nil, errShape
	}
	d := &LU[T]{m.Clone(), make([]int, m.rows), true}
	for i := range d.perm {
		d.perm[i] = i
	}
	for k := range m.rows {
		best := k
		for i := k + 1; i < m.rows; i++ {
			if d.lu.At(i, k).Size() > d.lu.At(best, k).Size() {
				best = i
			}
		}
		if d.lu.At(best, k).IsZero() {
			return d, errSingular
		}
		if best != k {
			a, b := d.lu.Row(k), d.lu.Row(best)
			for j := range a {
				a[j], b[j] = b[j], a[j]
			}
			d.perm[k], d.perm[best] = d.perm[best], d.perm[k]
			d.even = !d.even
		}
		for i := k + 1; i < m.rows; i++ {
			f := d.lu.At(i, k).Div(d.lu.At(k, k))
			d.lu.Set(i, k, f)
			for j := k + 1; j < m.rows; j++ {
				d.lu.Set(i, j, d.lu.At(i, j).Sub(f.Mul(d.lu.At(k, j))))
			}
		}
	}
	return d, nil
}

func (d *LU[T]) Det() T {
	det := d.lu.At(0, 0)
	for i := 1; i < d.lu.rows; i++ {
		det = det.Mul(d.lu.At(i, i))
	}
	if !d.even {
		det = det.Neg()
	}
	return det
}

func (d *LU[T]) Solve(b []T) []T {
	n := d.lu.rows
	x := make([]T, n)
	for i := range n {
		x[i] = b[d.perm[i]]
		for j := range i {
			x[i] = x[i].Sub(d.lu.At(i, j).Mul(x[j]))
		}
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			x[i] = x[i].Sub(d.lu.At(i, j).Mul(x[j]))
		}
		x[i] = x[i].Div(d.lu.At(i, i))
	}
	return x
}

func (d *LU[T]) Inverse(one T) *Matrix[T] {
	n := d.lu.rows
	inv := New[T](n, n)
	for j := range n {
		e := make([]T, n)
		e[j] = one
		for i, v := range d.Solve(e) {
			inv.Set(i, j, v)
		}
	}
	return inv
}

func (m *Matrix[T]) String() string {
	var b strings.Builder
	for i := range m.rows {
		fmt.Fprintln(&b, m.Row(i))
	}
	return b.String()
}

// ---- Real matrices ----

type Dense = Matrix[Real]

func dot(a, b []Real) (s Real) {
	for i := range a {
		s += a[i] * b[i]
	}
	return
}

// QR by Householder reflections.
func QR(m *Dense) (q, r *Dense) {
	r = m.Clone()
	q = Identity[Real](m.rows, 1)
	for k := range min(m.rows-1, m.cols) {
		v := make([]Real, m.rows)
		for i := k; i < m.rows; i++ {
			v[i] = r.At(i, k)
		}
		norm := Real(math.Sqrt(float64(dot(v, v))))
		if norm == 0 {
			continue
		}
		v[k] += Real(math.Copysign(float64(norm), float64(v[k])))
		vv := dot(v, v)
		h := Make(m.rows, m.rows, func(i, j int) Real {
			x := -2 * v[i] * v[j] / vv
			if i == j {
				x++
			}
			return x
		})
		r, q = h.Mul(r), q.Mul(h)
	}
	return
}

func Cholesky(m *Dense) (*Dense, error) {
	l := New[Real](m.rows, m.rows)
	for i := range m.rows {
		for j := range i + 1 {
			s := m.At(i, j) - dot(l.Row(i)[:j], l.Row(j)[:j])
			if i == j {
				if s <= 0 {
					return nil, errors.New("not positive definite")
				}
				l.Set(i, i, Real(math.Sqrt(float64(s))))
			} else {
				l.Set(i, j, s/l.At(j, j))
			}
		}
	}
	return l, nil
}

// Eigen finds the eigenvalues of a symmetric matrix by Jacobi rotations.
func Eigen(m *Dense) (values []Real, rounds int) {
	a := m.Clone()
	for ; rounds < 100; rounds++ {
		off := Real(0)
		for p := range a.rows {
			for q := p + 1; q < a.rows; q++ {
				off += a.At(p, q) * a.At(p, q)
				if a.At(p, q).IsZero() {
					continue
				}
				theta := 0.5 * math.Atan2(float64(2*a.At(p, q)), float64(a.At(q, q)-a.At(p, p)))
				c, s := Real(math.Cos(theta)), Real(math.Sin(theta))
				for k := range a.rows {
					x, y := a.At(p, k), a.At(q, k)
					a.Set(p, k, c*x-s*y)
					a.Set(q, k, s*x+c*y)
				}
				for k := range a.rows {
					x, y := a.At(k, p), a.At(k, q)
					a.Set(k, p, c*x-s*y)
					a.Set(k, q, s*x+c*y)
				}
			}
		}
		if off < 1e-20 {
			break
		}
	}
	for i := range a.rows {
		values = append(values, a.At(i, i))
	}
	return
}

func ConjugateGradient(m *Dense, b []Real) (x []Real, steps int) {
	x = make([]Real, len(b))
	r := append([]Real{}, b...)
	p := append([]Real{}, b...)
	rr := dot(r, r)
	for ; steps < 10*len(b) && rr > 1e-20; steps++ {
		ap := make([]Real, len(b))
		for i := range ap {
			ap[i] = dot(m.Row(i), p)
		}
		alpha := rr / dot(p, ap)
		for i := range x {
			x[i] += alpha * p[i]
			r[i] -= alpha * ap[i]
		}
		next := dot(r, r)
		for i := range p {
			p[i] = r[i] + next/rr*p[i]
		}
		rr = next
	}
	return
}

// Simplex maximises c·x under A·x ≤ b, x ≥ 0, with b ≥ 0, exactly.
func Simplex(a [][]int64, b, c []int64) (Rat, []Rat, error) {
	m, n := len(a), len(c)
	t := Make(m+1, n+m+1, func(i, j int) Rat {
		switch {
		case i < m && j < n:
			return rat(a[i][j], 1)
		case i < m && j == n+i:
			return rat(1, 1)
		case i < m && j == n+m:
			return rat(b[i], 1)
		case i == m && j < n:
			return rat(-c[j], 1)
		}
		return rat(0, 1)
	})
	basis := make([]int, m)
	for i := range basis {
		basis[i] = n + i
	}
	for {
		col := -1
		for j := range n + m {
			if t.At(m, j).val().Sign() < 0 {
				col = j // Bland's rule
				break
			}
		}
		if col < 0 {
			break
		}
		row := -1
		for i := range m {
			if t.At(i, col).val().Sign() > 0 && (row < 0 || t.At(i, n+m).Div(t.At(i, col)).val().Cmp(t.At(row, n+m).Div(t.At(row, col)).val()) < 0) {
				row = i
			}
		}
		if row < 0 {
			return Rat{}, nil, errors.New("unbounded")
		}
		pivot := t.At(row, col)
		for j := range t.cols {
			t.Set(row, j, t.At(row, j).Div(pivot))
		}
		for i := range t.rows {
			if f := t.At(i, col); i != row && !f.IsZero() {
				for j := range t.cols {
					t.Set(i, j, t.At(i, j).Sub(f.Mul(t.At(row, j))))
				}
			}
		}
		basis[row] = col
	}
	x := make([]Rat, n)
	for i, v := range basis {
		if v < n {
			x[v] = t.At(i, n+m)
		}
	}
	return t.At(m, n+m), x, nil
}

func Parse(s string) (*Matrix[Rat], error) {
	var rows [][]Rat
	for i, line := range strings.Split(s, ";") {
		var row []Rat
		for _, f := range strings.Fields(line) {
			r, ok := new(big.Rat).SetString(f)
			if !ok {
				return nil, fmt.Errorf("row %d: bad number %q", i+1, f)
			}
			row = append(row, Rat{r})
		}
		if len(rows) > 0 && len(row) != len(rows[0]) {
			return nil, fmt.Errorf("row %d: %w", i+1, errShape)
		}
		rows = append(rows, row)
	}
	return Make(len(rows), len(rows[0]), func(i, j int) Rat { return rows[i][j] }), nil
}

func main() {
	h := Make(6, 6, func(i, j int) Rat { return rat(1, int64(i+j+1)) })
	d, err := h.LU()
	fmt.Println(d.Det(), err)
	fmt.Print(d.Inverse(rat(1, 1)))
	fmt.Print(h.Mul(d.Inverse(rat(1, 1))))
	m, err := Parse("2 1 -1; -3 -1 2; -2 1 2")
	d, _ = m.LU()
	fmt.Println(d.Solve([]Rat{rat(8, 1), rat(-11, 1), rat(-3, 1)}), d.perm, err)
	for _, bad := range []string{"1 x", "1 2; 3", "1 2; 2 4"} {
		m, err := Parse(bad)
		if err == nil {
			_, err = m.LU()
		}
		fmt.Println(err)
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		h.Mul(New[Rat](2, 3))
	}()
	c := Make(3, 3, func(i, j int) Complex { return Complex(complex(float64(i-j), float64(i*j+1))) })
	cd, err := c.LU()
	fmt.Println(cd.Det(), err)
	x := uint32(3)
	next := func() float64 { x = x*1664525 + 1013904223; return float64(x>>8) / (1 << 24) }
	a := Make(32, 32, func(i, j int) Real { return Real(next() - 0.5) })
	b := Make(32, 32, func(i, j int) Real { return Real(next() - 0.5) })
	same := func(p, q *Dense) bool {
		for i := range p.e {
			if math.Abs(float64(p.e[i]-q.e[i])) > 1e-9 {
				return false
			}
		}
		return true
	}
	ab := a.Mul(b)
	fmt.Println(same(ab, a.MulParallel(b, 7)), same(ab, a.Strassen(b)), same(ab.T(), b.T().Mul(a.T())))
	ad, err := a.LU()
	fmt.Println(same(a.Mul(ad.Inverse(1)), Identity[Real](32, 1)), err)
	q, r := QR(Make(6, 4, func(i, j int) Real { return Real(i*j+1) / Real(i+j+1) }))
	fmt.Println(same(q.Mul(q.T()), Identity[Real](6, 1)))
	fmt.Print(r)
	s := a.Mul(a.T()).Add(Identity[Real](32, 5))
	l, err := Cholesky(s)
	fmt.Println(same(l.Mul(l.T()), s), err)
	_, err = Cholesky(Make(2, 2, func(i, j int) Real { return Real(1 - 3*((i+j+1)%2)) }))
	fmt.Println(err)
	rhs := make([]Real, 32)
	for i := range rhs {
		rhs[i] = Real(i%5) - 2
	}
	x1, steps := ConjugateGradient(s, rhs)
	sd, _ := s.LU()
	x2 := sd.Solve(rhs)
	worst := Real(0)
	for i := range x1 {
		worst = max(worst, Real(math.Abs(float64(x1[i]-x2[i]))))
	}
	fmt.Println(worst < 1e-8, steps <= 40)
	tri := Make(8, 8, func(i, j int) Real {
		switch i - j {
		case 0:
			return 2
		case 1, -1:
			return -1
		}
		return 0
	})
	vals, rounds := Eigen(tri)
	ok := 0
	for k := 1; k <= 8; k++ {
		want := 2 - 2*math.Cos(float64(k)*math.Pi/9)
		for _, v := range vals {
			if math.Abs(float64(v)-want) < 1e-9 {
				ok++
			}
		}
	}
	fmt.Println(ok, rounds < 20)
	fmt.Println(Simplex([][]int64{{1, 1}, {1, 3}, {2, 1}}, []int64{40, 60, 65}, []int64{3, 5}))
	fmt.Println(Simplex([][]int64{{1, -1}}, []int64{1}, []int64{1, 1}))
	fmt.Println(Simplex([][]int64{{2, 3, 1}, {4, 1, 2}, {3, 4, 2}}, []int64{5, 11, 8}, []int64{5, 4, 3}))
}
