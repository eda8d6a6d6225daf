// Claim: a go statement takes a used goroutine descriptor or makes one, and puts it into
// its processor's queue; a full queue gives half of itself to the global one, and idle
// processors steal. A model with plain data.
package main

import "fmt"

type g struct {
	id   int
	task string
}

type p struct {
	id    int
	runq  []*g
	free  []*g
	taken int
}

type scheduler struct {
	global []*g
	ps     []*p
	made   int
}

const queueSize = 4

func (s *scheduler) newproc(p *p, task string) {
	var fresh *g
	if n := len(p.free); n > 0 {
		fresh, p.free = p.free[n-1], p.free[:n-1]
	} else {
		s.made++
		fresh = &g{id: s.made}
	}
	fresh.task = task
	if len(p.runq) == queueSize {
		half := queueSize / 2
		s.global = append(s.global, p.runq[:half]...)
		p.runq = append([]*g(nil), p.runq[half:]...)
	}
	p.runq = append(p.runq, fresh)
}

func (s *scheduler) next(at *p) (*g, string) {
	if len(at.runq) > 0 {
		first := at.runq[0]
		at.runq = at.runq[1:]
		return first, "local"
	}
	if len(s.global) > 0 {
		first := s.global[0]
		s.global = s.global[1:]
		return first, "global"
	}
	for _, victim := range s.ps {
		if n := len(victim.runq); victim != at && n > 0 {
			stolen := victim.runq[:(n+1)/2]
			victim.runq = victim.runq[(n+1)/2:]
			at.runq = append(at.runq, stolen[1:]...)
			return stolen[0], fmt.Sprintf("stolen from %d", victim.id)
		}
	}
	return nil, "idle"
}

func main() {
	s := &scheduler{ps: []*p{{id: 0}, {id: 1}}}
	for i := range 9 {
		s.newproc(s.ps[0], fmt.Sprint("task ", i))
	}
	fmt.Println("local", len(s.ps[0].runq), "global", len(s.global))
	for turn := 0; ; turn++ {
		at := s.ps[1-turn%2]
		run, from := s.next(at)
		if run == nil {
			fmt.Println("processor", at.id, from)
			break
		}
		fmt.Println("processor", at.id, "runs", run.task, "on", run.id, from)
		at.taken++
		at.free = append(at.free, run)
		if turn == 2 {
			s.newproc(at, "a task of a used descriptor")
		}
	}
	fmt.Println(s.made, s.ps[0].taken, s.ps[1].taken)
}
