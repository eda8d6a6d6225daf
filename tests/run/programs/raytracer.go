// A ray tracer: vectors, spheres, planes, triangles, a bounding volume tree, reflection and
// refraction, soft shadows by a fixed sequence, tiles rendered in parallel; sums and a picture
// in characters.
package main

import (
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"sync"
)

type vec struct{ x, y, z float64 }

func (a vec) add(b vec) vec             { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) sub(b vec) vec             { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) mul(s float64) vec         { return vec{a.x * s, a.y * s, a.z * s} }
func (a vec) times(b vec) vec           { return vec{a.x * b.x, a.y * b.y, a.z * b.z} }
func (a vec) dot(b vec) float64         { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) len() float64              { return math.Sqrt(a.dot(a)) }
func (a vec) norm() vec                 { return a.mul(1 / a.len()) }
func (a vec) neg() vec                  { return vec{-a.x, -a.y, -a.z} }
func (a vec) cross(b vec) vec           { return vec{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x} }
func (a vec) reflect(n vec) vec         { return a.sub(n.mul(2 * a.dot(n))) }
func (a vec) min(b vec) vec             { return vec{min(a.x, b.x), min(a.y, b.y), min(a.z, b.z)} }
func (a vec) max(b vec) vec             { return vec{max(a.x, b.x), max(a.y, b.y), max(a.z, b.z)} }
func (a vec) lerp(b vec, t float64) vec { return a.mul(1 - t).add(b.mul(t)) }

func (a vec) refract(n vec, ratio float64) (vec, bool) {
	c := min(-a.dot(n), 1)
	across := a.add(n.mul(c)).mul(ratio)
	k := 1 - across.dot(across)
	if k < 0 {
		return vec{}, false
	}
	return across.sub(n.mul(math.Sqrt(k))), true
}

type ray struct{ from, dir vec }

func (r ray) at(t float64) vec { return r.from.add(r.dir.mul(t)) }

type hit struct {
	t     float64
	at, n vec
	mat   *material
}

type material struct {
	color   func(p vec) vec
	diffuse float64
	shine   float64
	mirror  float64
	glass   float64 // index of refraction; 0: opaque
	glow    vec
}

func plain(c vec) func(vec) vec { return func(vec) vec { return c } }

func checker(a, b vec, size float64) func(vec) vec {
	return func(p vec) vec {
		if (int(math.Floor(p.x/size))+int(math.Floor(p.z/size)))&1 == 0 {
			return a
		}
		return b
	}
}

type shape interface {
	intersect(r ray, lo, hi float64) (hit, bool)
	bounds() (lo, hi vec)
}

type sphere struct {
	c   vec
	r   float64
	mat *material
}

func (s *sphere) intersect(r ray, lo, hi float64) (hit, bool) {
	oc := r.from.sub(s.c)
	b := oc.dot(r.dir)
	d := b*b - oc.dot(oc) + s.r*s.r
	if d < 0 {
		return hit{}, false
	}
	root := math.Sqrt(d)
	t := -b - root
	if t < lo || t > hi {
		if t = -b + root; t < lo || t > hi {
			return hit{}, false
		}
	}
	p := r.at(t)
	return hit{t, p, p.sub(s.c).mul(1 / s.r), s.mat}, true
}
func (s *sphere) bounds() (vec, vec) {
	r := vec{s.r, s.r, s.r}
	return s.c.sub(r), s.c.add(r)
}

type triangle struct {
	a, b, c vec
	mat     *material
}

func (t *triangle) intersect(r ray, lo, hi float64) (hit, bool) {
	e1, e2 := t.b.sub(t.a), t.c.sub(t.a)
	p := r.dir.cross(e2)
	det := e1.dot(p)
	if math.Abs(det) < 1e-12 {
		return hit{}, false
	}
	s := r.from.sub(t.a)
	u := s.dot(p) / det
	q := s.cross(e1)
	v := r.dir.dot(q) / det
	d := e2.dot(q) / det
	if u < 0 || v < 0 || u+v > 1 || d < lo || d > hi {
		return hit{}, false
	}
	n := e1.cross(e2).norm()
	if n.dot(r.dir) > 0 {
		n = n.neg()
	}
	return hit{d, r.at(d), n, t.mat}, true
}
func (t *triangle) bounds() (vec, vec) { return t.a.min(t.b).min(t.c), t.a.max(t.b).max(t.c) }

type plane struct {
	y   float64
	mat *material
}

func (p *plane) intersect(r ray, lo, hi float64) (hit, bool) {
	if math.Abs(r.dir.y) < 1e-9 {
		return hit{}, false
	}
	t := (p.y - r.from.y) / r.dir.y
	if t < lo || t > hi {
		return hit{}, false
	}
	n := vec{0, 1, 0}
	if r.dir.y > 0 {
		n = n.neg()
	}
	return hit{t, r.at(t), n, p.mat}, true
}
func (p *plane) bounds() (vec, vec) {
	far := 1e9
	return vec{-far, p.y - 1e-6, -far}, vec{far, p.y + 1e-6, far}
}

// tree is a bounding volume hierarchy.
type tree struct {
	lo, hi      vec
	left, right *tree
	leaf        []shape
}

func build(shapes []shape) *tree {
	t := &tree{lo: vec{math.Inf(1), math.Inf(1), math.Inf(1)}, hi: vec{math.Inf(-1), math.Inf(-1), math.Inf(-1)}}
	for _, s := range shapes {
		lo, hi := s.bounds()
		t.lo, t.hi = t.lo.min(lo), t.hi.max(hi)
	}
	if len(shapes) <= 2 {
		t.leaf = shapes
		return t
	}
	size := t.hi.sub(t.lo)
	axis := func(v vec) float64 { return v.x }
	if size.y > size.x && size.y > size.z {
		axis = func(v vec) float64 { return v.y }
	} else if size.z > size.x {
		axis = func(v vec) float64 { return v.z }
	}
	sorted := slices.Clone(shapes)
	slices.SortStableFunc(sorted, func(a, b shape) int {
		al, ah := a.bounds()
		bl, bh := b.bounds()
		switch x, y := axis(al.add(ah)), axis(bl.add(bh)); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	half := len(sorted) / 2
	t.left, t.right = build(sorted[:half]), build(sorted[half:])
	return t
}

func (t *tree) misses(r ray, lo, hi float64) bool {
	for _, a := range [3][4]float64{{r.from.x, r.dir.x, t.lo.x, t.hi.x}, {r.from.y, r.dir.y, t.lo.y, t.hi.y}, {r.from.z, r.dir.z, t.lo.z, t.hi.z}} {
		near, far := (a[2]-a[0])/a[1], (a[3]-a[0])/a[1]
		if near > far {
			near, far = far, near
		}
		if near > lo {
			lo = near
		}
		if far < hi {
			hi = far
		}
		if lo > hi+1e-9 {
			return true
		}
	}
	return false
}

func (t *tree) intersect(r ray, lo, hi float64) (best hit, found bool) {
	if t.misses(r, lo, hi) {
		return
	}
	for _, s := range t.leaf {
		if h, ok := s.intersect(r, lo, hi); ok {
			best, found, hi = h, true, h.t
		}
	}
	for _, c := range []*tree{t.left, t.right} {
		if c == nil {
			continue
		}
		if h, ok := c.intersect(r, lo, hi); ok {
			best, found, hi = h, true, h.t
		}
	}
	return
}

func (t *tree) depth() int {
	if t == nil {
		return 0
	}
	return 1 + max(t.left.depth(), t.right.depth())
}

type light struct {
	at     vec
	color  vec
	radius float64
}

type scene struct {
	world  *tree
	lights []light
	shapes []shape
}

func (s *scene) sky(d vec) vec {
	return vec{1, 1, 1}.lerp(vec{0.4, 0.6, 1}, 0.5*(d.y+1)).mul(0.7)
}

func (s *scene) trace(r ray, depth int) vec {
	h, ok := s.world.intersect(r, 1e-6, math.Inf(1))
	if !ok {
		return s.sky(r.dir)
	}
	m := h.mat
	out := m.glow
	if m.diffuse > 0 {
		base := m.color(h.at)
		out = out.add(base.mul(0.1 * m.diffuse))
		for _, l := range s.lights {
			lit := s.visible(h.at.add(h.n.mul(1e-6)), l)
			if lit == 0 {
				continue
			}
			d := l.at.sub(h.at).norm()
			if c := d.dot(h.n); c > 0 {
				out = out.add(base.times(l.color).mul(c * m.diffuse * lit))
			}
			if m.shine > 0 {
				if c := d.neg().reflect(h.n).dot(r.dir.neg()); c > 0 {
					out = out.add(l.color.mul(math.Pow(c, m.shine) * lit * 0.5))
				}
			}
		}
	}
	if depth == 0 {
		return out
	}
	if m.mirror > 0 {
		out = out.add(s.trace(ray{h.at, r.dir.reflect(h.n).norm()}, depth-1).mul(m.mirror))
	}
	if m.glass > 0 {
		n, ratio := h.n, 1/m.glass
		if r.dir.dot(n) > 0 {
			n, ratio = n.neg(), m.glass
		}
		c := min(-r.dir.dot(n), 1)
		r0 := (1 - ratio) / (1 + ratio)
		r0 *= r0
		part := r0 + (1-r0)*math.Pow(1-c, 5)
		d, ok := r.dir.refract(n, ratio)
		if !ok {
			part = 1
		} else {
			out = out.add(s.trace(ray{h.at, d.norm()}, depth-1).mul(1 - part))
		}
		out = out.add(s.trace(ray{h.at, r.dir.reflect(n).norm()}, depth-1).mul(part))
	}
	return out
}

// visible is how much of a light a point sees.
func (s *scene) visible(p vec, l light) float64 {
	n := 0.0
	for i := range 4 {
		a := float64(i) * 2.399963
		d := l.at.add(vec{math.Cos(a), 0, math.Sin(a)}.mul(l.radius * math.Sqrt(float64(i)/4))).sub(p)
		if _, blocked := s.world.intersect(ray{p, d.norm()}, 1e-6, d.len()); !blocked {
			n++
		}
	}
	return n / 4
}

type picture struct {
	w, h int
	pix  []byte
}

type tile struct{ x, y, w, h int }

func (s *scene) render(w, h, workers int) *picture {
	p := &picture{w, h, make([]byte, w*h*3)}
	tiles := make(chan tile)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for t := range tiles {
				for y := t.y; y < min(t.y+t.h, h); y++ {
					for x := t.x; x < min(t.x+t.w, w); x++ {
						var c vec
						for i := range 4 {
							fx := (float64(x) + float64(i&1)*0.5 + 0.25) / float64(w)
							fy := (float64(y) + float64(i>>1)*0.5 + 0.25) / float64(h)
							d := vec{(fx - 0.5) * 1.8 * float64(w) / float64(h) / 2, (0.5 - fy) * 1.8 / 2 * 2 / 2, -1}.norm()
							c = c.add(s.trace(ray{vec{0, 1, 4.5}, d}, 5).mul(0.25))
						}
						for i, v := range [3]float64{c.x, c.y, c.z} {
							p.pix[(y*w+x)*3+i] = byte(math.Sqrt(min(max(v, 0), 1)) * 255)
						}
					}
				}
			}
		})
	}
	for y := 0; y < h; y += 8 {
		for x := 0; x < w; x += 8 {
			tiles <- tile{x, y, 8, 8}
		}
	}
	close(tiles)
	wg.Wait()
	return p
}

func (p *picture) ascii() string {
	var b strings.Builder
	for y := 0; y < p.h; y += 2 {
		for x := range p.w {
			i := (y*p.w + x) * 3
			lum := (int(p.pix[i])*3 + int(p.pix[i+1])*6 + int(p.pix[i+2])) / 10
			b.WriteByte(" .:-=+*#%@"[lum*10/256])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func parse(src string) (*scene, error) {
	s := &scene{}
	mats := map[string]*material{
		"floor": {color: checker(vec{0.9, 0.9, 0.9}, vec{0.1, 0.1, 0.3}, 1), diffuse: 0.9, mirror: 0.1},
		"red":   {color: plain(vec{0.9, 0.2, 0.1}), diffuse: 0.8, shine: 50},
		"metal": {color: plain(vec{0.8, 0.8, 0.9}), diffuse: 0.1, shine: 200, mirror: 0.85},
		"glass": {glass: 1.5},
		"lamp":  {glow: vec{1, 0.8, 0.4}},
	}
	var errs []error
	for i, line := range strings.Split(strings.TrimSpace(src), "\n") {
		var kind, mat string
		var f [9]float64
		n, _ := fmt.Sscan(line, &kind, &mat, &f[0], &f[1], &f[2], &f[3], &f[4], &f[5], &f[6], &f[7], &f[8])
		m := mats[mat]
		if m == nil && kind != "light" {
			errs = append(errs, fmt.Errorf("line %d: no material %q", i+1, mat))
			continue
		}
		switch {
		case kind == "sphere" && n == 6:
			s.shapes = append(s.shapes, &sphere{vec{f[0], f[1], f[2]}, f[3], m})
		case kind == "plane" && n == 3:
			s.shapes = append(s.shapes, &plane{f[0], m})
		case kind == "triangle" && n == 11:
			s.shapes = append(s.shapes, &triangle{vec{f[0], f[1], f[2]}, vec{f[3], f[4], f[5]}, vec{f[6], f[7], f[8]}, m})
		case kind == "light" && n == 6:
			s.lights = append(s.lights, light{vec{f[0], f[1], f[2]}, vec{0.8, 0.8, 0.75}, f[3]})
		default:
			errs = append(errs, fmt.Errorf("line %d: %q with %d values", i+1, kind, n-2))
		}
	}
	s.world = build(s.shapes)
	return s, errors.Join(errs...)
}

func main() {
	src := "plane floor 0\nsphere red -1.2 0.8 0 0.8\nsphere metal 0.7 1 -0.8 1\nsphere glass 0.3 0.45 1.2 0.45\nsphere lamp -2.5 3 -3 0.4\ntriangle red 2 0 -1 3 0 -2 2.4 2 -1.6\nlight - -3 5 4 0.5\nlight - 4 3 2 0.2\n"
	for i := range 40 {
		a := float64(i) * 0.5
		src += fmt.Sprintf("sphere %s %g 0.12 %g 0.12\n", []string{"red", "metal"}[i%2], math.Round(math.Cos(a)*float64(i)*10)/100, math.Round((math.Sin(a)*float64(i)-10)*10)/100)
	}
	s, err := parse(src)
	fmt.Println(len(s.shapes), len(s.lights), s.world.depth(), err)
	_, err = parse("sphere red 1\ncube red\nplane gold 1")
	fmt.Println(err)
	var sums []uint32
	for _, workers := range []int{1, 3, 16} {
		p := s.render(72, 56, workers)
		sums = append(sums, crc32.ChecksumIEEE(p.pix))
		if workers == 16 {
			fmt.Print(p.ascii())
		}
	}
	fmt.Println(sums[0] == sums[1], sums[1] == sums[2], sums[0])
	// The tree finds what a plain search finds.
	wrong, found := 0, 0
	x := uint32(9)
	next := func() float64 { x = x*1664525 + 1013904223; return float64(x>>8)/float64(1<<24)*2 - 1 }
	for range 3000 {
		r := ray{vec{next() * 5, next()*2 + 2, next() * 5}, vec{next(), next(), next()}.norm()}
		h1, ok1 := s.world.intersect(r, 1e-6, math.Inf(1))
		best, ok2 := hit{t: math.Inf(1)}, false
		for _, sh := range s.shapes {
			if h, ok := sh.intersect(r, 1e-6, best.t); ok {
				best, ok2 = h, true
			}
		}
		if ok1 {
			found++
		}
		if ok1 != ok2 || ok1 && h1.t != best.t {
			wrong++
		}
	}
	fmt.Println(wrong, found)
}
