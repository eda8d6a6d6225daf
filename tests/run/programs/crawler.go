// A concurrent crawler over a web of generated pages: robots, depth and host limits, polite
// delays, redirects, retries, duplicate pages, broken links, a link graph with ranks.
package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// ---- The web ----

type web struct {
	hits     sync.Map // path -> *atomic.Int32
	inflight atomic.Int32
	peak     atomic.Int32
	flaky    sync.Map
}

func (w *web) links(n int) (out []string) {
	for _, k := range []int{n*2 + 1, n*2 + 2, n / 2, n * 7 % 90} {
		if k < 90 {
			out = append(out, fmt.Sprintf("/page/%d", k))
		}
	}
	return out
}

func (w *web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	now := w.inflight.Add(1)
	defer w.inflight.Add(-1)
	for p := w.peak.Load(); now > p && !w.peak.CompareAndSwap(p, now); p = w.peak.Load() {
	}
	c, _ := w.hits.LoadOrStore(r.URL.Path, new(atomic.Int32))
	c.(*atomic.Int32).Add(1)
	switch {
	case r.URL.Path == "/robots.txt":
		fmt.Fprint(rw, "User-agent: *\nDisallow: /private/\nDisallow: /page/13\n\nUser-agent: other\nDisallow: /\n")
	case r.URL.Path == "/":
		fmt.Fprint(rw, `<a href="/page/0">start</a> <a href='/private/x'>secret</a> <a href="http://elsewhere.test/">out</a> <a href="mailto:a@b">mail</a> <a href="#top">top</a><a href="/redirect/3">r</a><a href="/broken">b</a><a href="/flaky/1">f</a><a href="/binary">bin</a><a href="/copy/a">c</a><a href="/copy/b">c</a><a href="/loop">l</a><a href="/slow">s</a><a href="/deep/0">d</a>`)
	case strings.HasPrefix(r.URL.Path, "/page/"):
		n, err := strconv.Atoi(path.Base(r.URL.Path))
		if err != nil {
			http.NotFound(rw, r)
			return
		}
		fmt.Fprintf(rw, "<title>Page %d</title>\n", n)
		for i, l := range w.links(n) {
			if i%2 == 0 {
				l = "../page/" + path.Base(l) + "?utm=1#frag"
			}
			fmt.Fprintf(rw, "<p><a class=x href=%q>%d</a></p>\n", l, i)
		}
	case strings.HasPrefix(r.URL.Path, "/redirect/"):
		n, _ := strconv.Atoi(path.Base(r.URL.Path))
		to := "/page/1"
		if n > 0 {
			to = fmt.Sprintf("/redirect/%d", n-1)
		}
		http.Redirect(rw, r, to, http.StatusFound)
	case r.URL.Path == "/loop":
		http.Redirect(rw, r, "/loop", http.StatusMovedPermanently)
	case strings.HasPrefix(r.URL.Path, "/flaky/"):
		c, _ := w.flaky.LoadOrStore(r.URL.Path, new(atomic.Int32))
		if c.(*atomic.Int32).Add(1) < 3 {
			http.Error(rw, "try again", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(rw, "<title>Finally</title>")
	case r.URL.Path == "/binary":
		rw.Header().Set("Content-Type", "application/octet-stream")
		rw.Write(make([]byte, 1000))
	case strings.HasPrefix(r.URL.Path, "/copy/"):
		fmt.Fprint(rw, "<title>The same</title>")
	case r.URL.Path == "/slow":
		<-r.Context().Done()
	case strings.HasPrefix(r.URL.Path, "/deep/"):
		n, _ := strconv.Atoi(path.Base(r.URL.Path))
		fmt.Fprintf(rw, "<title>Deep %d</title><a href=/deep/%d>", n, n+1)
	default:
		http.NotFound(rw, r)
	}
}

// ---- The crawler ----

type robots struct{ disallow []string }

func parseRobots(text string) (r robots) {
	mine := false
	for line := range strings.Lines(text) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), ":")
		v = strings.TrimSpace(v)
		switch strings.ToLower(k) {
		case "user-agent":
			mine = v == "*"
		case "disallow":
			if mine && v != "" {
				r.disallow = append(r.disallow, v)
			}
		}
	}
	return r
}

func (r robots) allows(p string) bool {
	return !slices.ContainsFunc(r.disallow, func(d string) bool { return strings.HasPrefix(p, d) })
}

type result struct {
	url    string
	title  string
	status string
	links  []string
	depth  int
	tries  int
	same   string
}

type job struct {
	url   string
	depth int
}

type crawler struct {
	client   *http.Client
	root     *url.URL
	robots   robots
	maxDepth int
	workers  int
	timeout  time.Duration
	mu       sync.Mutex
	sums     map[[32]byte]string
	results  map[string]*result
	skipped  map[string]int
}

var (
	reLink  = regexp.MustCompile(`(?i)<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))`)
	reTitle = regexp.MustCompile(`(?is)<title>(.*?)</title>`)
)

var errStatus = errors.New("bad status")

func (c *crawler) fetch(ctx context.Context, u string) (body []byte, final string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", u, nil)
	if err != nil {
		return nil, "", err
	}
	res, err := c.client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	final = res.Request.URL.String()
	if res.StatusCode != http.StatusOK {
		io.Copy(io.Discard, res.Body)
		return nil, final, fmt.Errorf("%w %d", errStatus, res.StatusCode)
	}
	if t := res.Header.Get("Content-Type"); !strings.HasPrefix(t, "text/html") {
		return nil, final, fmt.Errorf("not a page: %s", t)
	}
	body, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return
}

// normal is the one spelling of an address, or "" for one that is not to be followed.
func (c *crawler) normal(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(ref)
	if err != nil || u.Scheme != "http" {
		c.skip("scheme")
		return ""
	}
	if u.Host != c.root.Host {
		c.skip("host")
		return ""
	}
	if !c.robots.allows(u.Path) {
		c.skip("robots")
		return ""
	}
	u.Fragment = ""
	q := u.Query()
	q.Del("utm")
	u.RawQuery = q.Encode()
	return u.String()
}

func (c *crawler) skip(why string) {
	c.mu.Lock()
	c.skipped[why]++
	c.mu.Unlock()
}

func (c *crawler) visit(ctx context.Context, j job) *result {
	r := &result{url: j.url, depth: j.depth}
	var body []byte
	var err error
	final := j.url
	for r.tries = 1; r.tries <= 3; r.tries++ {
		body, final, err = c.fetch(ctx, j.url)
		if !errors.Is(err, errStatus) || !strings.HasSuffix(err.Error(), "503") {
			break
		}
		time.Sleep(time.Duration(r.tries) * time.Millisecond)
	}
	var ue *url.Error
	switch {
	case errors.As(err, &ue) && ue.Timeout():
		r.status = "timeout"
		return r
	case errors.As(err, &ue):
		r.status = ue.Err.Error()
		return r
	case err != nil:
		r.status = err.Error()
		return r
	}
	r.status = "ok"
	if m := reTitle.FindSubmatch(body); m != nil {
		r.title = strings.TrimSpace(string(m[1]))
	}
	sum := sha256.Sum256(body)
	c.mu.Lock()
	if first, ok := c.sums[sum]; ok && first != final {
		r.same = min(first, j.url)
	} else {
		c.sums[sum] = final
	}
	c.mu.Unlock()
	seen := map[string]bool{}
	for _, m := range reLink.FindAllSubmatch(body, -1) {
		l := c.normal(final, string(m[1])+string(m[2])+string(m[3]))
		if l != "" && !seen[l] {
			seen[l] = true
			r.links = append(r.links, l)
		}
	}
	slices.Sort(r.links)
	return r
}

// run crawls level by level, so that depths do not depend on luck.
func (c *crawler) run(ctx context.Context) {
	level := []job{{c.root.String() + "/", 0}}
	queued := map[string]bool{level[0].url: true}
	for len(level) > 0 {
		jobs, results := make(chan job), make(chan *result)
		var wg sync.WaitGroup
		for range c.workers {
			wg.Go(func() {
				for j := range jobs {
					results <- c.visit(ctx, j)
				}
			})
		}
		go func() {
			for _, j := range level {
				jobs <- j
			}
			close(jobs)
			wg.Wait()
			close(results)
		}()
		var next []job
		for r := range results {
			c.results[r.url] = r
			if r.depth == c.maxDepth {
				continue
			}
			for _, l := range r.links {
				if !queued[l] {
					queued[l] = true
					next = append(next, job{l, r.depth + 1})
				}
			}
		}
		level = next
	}
}

// ranks is a few rounds of PageRank.
func (c *crawler) ranks() map[string]float64 {
	n := float64(len(c.results))
	rank := map[string]float64{}
	for u := range c.results {
		rank[u] = 1 / n
	}
	for range 40 {
		next := map[string]float64{}
		lost := 0.0
		for _, u := range slices.Sorted(maps.Keys(c.results)) {
			var known []string
			for _, l := range c.results[u].links {
				if c.results[l] != nil {
					known = append(known, l)
				}
			}
			if len(known) == 0 {
				lost += rank[u]
				continue
			}
			for _, l := range known {
				next[l] += rank[u] / float64(len(known))
			}
		}
		for u := range c.results {
			rank[u] = 0.15/n + 0.85*(next[u]+lost/n)
		}
	}
	return rank
}

func main() {
	w := &web{}
	srv := httptest.NewServer(w)
	defer srv.Close()
	root, _ := url.Parse(srv.URL)
	c := &crawler{client: srv.Client(), root: root, maxDepth: 5, workers: 8, timeout: 5 * time.Second, sums: map[[32]byte]string{}, results: map[string]*result{}, skipped: map[string]int{}}
	c.client.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if len(via) > 5 {
			return errors.New("too many redirects")
		}
		return nil
	}
	res, err := c.client.Get(srv.URL + "/robots.txt")
	if err != nil {
		panic(err)
	}
	text, _ := io.ReadAll(res.Body)
	res.Body.Close()
	c.robots = parseRobots(string(text))
	fmt.Println(c.robots)
	c.run(context.Background())
	short := func(u string) string { return strings.TrimPrefix(u, srv.URL) }
	urls := slices.SortedFunc(maps.Keys(c.results), func(a, b string) int {
		return cmp.Or(c.results[a].depth-c.results[b].depth, strings.Compare(a, b))
	})
	for _, u := range urls {
		r := c.results[u]
		same := ""
		if r.same != "" {
			same = "duplicate"
		}
		if strings.HasPrefix(short(u), "/copy/") || strings.HasPrefix(short(u), "/redirect/") || short(u) == "/page/1" {
			// Which of two copies came first is a matter of luck.
			same = "one of several"
		}
		fmt.Println(r.depth, short(u), r.status, r.tries, len(r.links), r.title, same)
	}
	fmt.Println(c.skipped)
	rank := c.ranks()
	total := 0.0
	for _, u := range urls {
		total += rank[u]
	}
	best := slices.SortedFunc(maps.Keys(rank), func(a, b string) int {
		if math.Abs(rank[a]-rank[b]) < 1e-9 {
			return strings.Compare(a, b)
		}
		return cmp.Compare(rank[b], rank[a])
	})
	for _, u := range best[:5] {
		fmt.Printf("%s %.4f\n", short(u), rank[u])
	}
	fmt.Printf("%.6f\n", total)
	more := 0
	w.hits.Range(func(k, v any) bool {
		if n := v.(*atomic.Int32).Load(); n > 1 && !strings.HasPrefix(k.(string), "/flaky") && k != "/loop" && k != "/page/1" && !strings.HasPrefix(k.(string), "/redirect") {
			more++
		}
		return true
	})
	_, private := w.hits.Load("/private/x")
	fmt.Println(more, private, w.peak.Load() <= 8)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := c.visit(ctx, job{srv.URL + "/page/2", 0})
	fmt.Println(r.status, r.tries)
}
