//goxide:replace package

package runtime

// Coroutines, for iter.Pull: a goroutine that runs only while another waits for it.

// coro hands control back and forth between the goroutine that runs its function (inside)
// and whoever switches to it (outside). Each side waits on its own semaphore, so exactly
// one of them runs at a time.
type coro struct {
	f       func(*coro)
	ended   bool
	inside  uint32
	outside uint32
}

// newcoro makes a coroutine; its function starts at the first switch. Its goroutine is there at
// once, as its creation is what dumps tell of.
func newcoro(f func(*coro)) *coro {
	c := &coro{f: f}
	newproc(func() { corostart(c) }, noSite)
	return c
}

// coroswitch lets the other side run, and returns when that switches back or ends.
func coroswitch(c *coro) {
	if getg().locals.coro == c {
		semrelease(&c.outside, 1)
		semacquire(&c.inside, semaDurable, waitReasonCoroutine)
		return
	}
	if c.ended {
		throw("coroswitch on exited coro")
	}
	semrelease(&c.inside, 1)
	semacquire(&c.outside, semaDurable, waitReasonCoroutine)
}

// corostart runs the function on its goroutine. However that ends, by Goexit too, the
// other side goes on; iter itself carries panics across.
func corostart(c *coro) {
	getg().locals.coro = c
	semacquire(&c.inside, semaDurable, waitReasonCoroutine)
	defer coroexit(c)
	c.f(c)
}

func coroexit(c *coro) {
	getg().locals.coro = nil
	c.ended = true
	semrelease(&c.outside, 0)
}
