// A site generator: Markdown with headings, lists, tables, code and links to HTML, front
// matter, html/template layouts, tags, a feed, and a search index, from one file system to
// another.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"
	"time"
	"unicode"
)

// ---- Markdown ----

type inlineRule struct {
	re   *regexp.Regexp
	make func(m []string) string
}

var inlineRules []inlineRule

func init() {
	inlineRules = []inlineRule{
		{regexp.MustCompile("^``(.+?)``|^`([^`]+)`"), func(m []string) string {
			return "<code>" + html.EscapeString(strings.TrimSpace(m[1]+m[2])) + "</code>"
		}},
		{regexp.MustCompile(`^!\[([^\]]*)\]\(([^)\s]+)\)`), func(m []string) string {
			return fmt.Sprintf(`<img src="%s" alt="%s">`, html.EscapeString(m[2]), html.EscapeString(m[1]))
		}},
		{regexp.MustCompile(`^\[([^\]]+)\]\(([^)\s]+)(?:\s+"([^"]*)")?\)`), func(m []string) string {
			title := ""
			if m[3] != "" {
				title = ` title="` + html.EscapeString(m[3]) + `"`
			}
			return fmt.Sprintf(`<a href="%s"%s>%s</a>`, html.EscapeString(m[2]), title, inline(m[1]))
		}},
		{regexp.MustCompile(`^\*\*(.+?)\*\*|^__(.+?)__`), func(m []string) string { return "<strong>" + inline(m[1]+m[2]) + "</strong>" }},
		{regexp.MustCompile(`^\*([^*\s][^*]*)\*|^_([^_\s][^_]*)_`), func(m []string) string { return "<em>" + inline(m[1]+m[2]) + "</em>" }},
		{regexp.MustCompile(`^~~(.+?)~~`), func(m []string) string { return "<del>" + inline(m[1]) + "</del>" }},
		{regexp.MustCompile(`^<(https?://[^>\s]+)>`), func(m []string) string {
			u := html.EscapeString(m[1])
			return `<a href="` + u + `">` + u + "</a>"
		}},
		{regexp.MustCompile(`^\\([\\*_\x60\[\]~!#])`), func(m []string) string { return html.EscapeString(m[1]) }},
	}
}

func inline(s string) string {
	var b strings.Builder
next:
	for s != "" {
		if strings.ContainsRune("`![*_~<\\", rune(s[0])) {
			for _, r := range inlineRules {
				if m := r.re.FindStringSubmatch(s); m != nil {
					b.WriteString(r.make(m))
					s = s[len(m[0]):]
					continue next
				}
			}
		}
		n := 1
		for n < len(s) && !strings.ContainsRune("`![*_~<\\", rune(s[n])) {
			n++
		}
		b.WriteString(html.EscapeString(s[:n]))
		s = s[n:]
	}
	return b.String()
}

type heading struct {
	Level    int
	ID, Text string
}

type renderer struct {
	lines []string
	at    int
	out   strings.Builder
	ids   map[string]int
	toc   []heading
}

var (
	reHeading = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`)
	reFence   = regexp.MustCompile("^(```|~~~)\\s*(\\w*)\\s*$")
	reItem    = regexp.MustCompile(`^(\s*)([-*+]|\d+[.)])\s+(.*)$`)
	reRule    = regexp.MustCompile(`^\s*(-\s*){3,}$|^\s*(\*\s*){3,}$|^\s*(_\s*){3,}$`)
	reTable   = regexp.MustCompile(`^\|?(\s*:?-+:?\s*\|)+\s*(:?-+:?)?\s*$`)
)

func slug(s string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		default:
			dash = true
		}
	}
	return cmp.Or(b.String(), "section")
}

func markdown(src string) (string, []heading) {
	r := &renderer{lines: strings.Split(strings.ReplaceAll(src, "\t", "    "), "\n"), ids: map[string]int{}}
	r.blocks(func(string) bool { return false })
	return r.out.String(), r.toc
}

func (r *renderer) blocks(end func(string) bool) {
	for r.at < len(r.lines) {
		line := r.lines[r.at]
		switch {
		case end(line):
			return
		case strings.TrimSpace(line) == "":
			r.at++
		case reHeading.MatchString(line):
			m := reHeading.FindStringSubmatch(line)
			id := slug(m[2])
			if n := r.ids[id]; n > 0 {
				r.ids[id]++
				id = fmt.Sprint(id, "-", n)
			} else {
				r.ids[id] = 1
			}
			r.toc = append(r.toc, heading{len(m[1]), id, m[2]})
			fmt.Fprintf(&r.out, "<h%d id=\"%s\">%s</h%[1]d>\n", len(m[1]), id, inline(m[2]))
			r.at++
		case reFence.MatchString(line):
			r.code(reFence.FindStringSubmatch(line))
		case reRule.MatchString(line):
			r.out.WriteString("<hr>\n")
			r.at++
		case strings.HasPrefix(line, ">"):
			r.quote()
		case reItem.MatchString(line):
			r.list(reItem.FindStringSubmatch(line))
		case strings.Contains(line, "|") && r.at+1 < len(r.lines) && reTable.MatchString(r.lines[r.at+1]):
			r.table()
		default:
			r.paragraph()
		}
	}
}

func (r *renderer) code(m []string) {
	r.at++
	class := ""
	if m[2] != "" {
		class = ` class="language-` + m[2] + `"`
	}
	fmt.Fprintf(&r.out, "<pre><code%s>", class)
	for ; r.at < len(r.lines) && strings.TrimSpace(r.lines[r.at]) != m[1]; r.at++ {
		r.out.WriteString(html.EscapeString(r.lines[r.at]) + "\n")
	}
	r.at++
	r.out.WriteString("</code></pre>\n")
}

func (r *renderer) nested(lines []string) {
	inner := &renderer{lines: lines, ids: r.ids}
	inner.blocks(func(string) bool { return false })
	r.toc = append(r.toc, inner.toc...)
	r.out.WriteString(inner.out.String())
}

func (r *renderer) quote() {
	var lines []string
	for ; r.at < len(r.lines) && strings.HasPrefix(r.lines[r.at], ">"); r.at++ {
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(r.lines[r.at], ">"), " "))
	}
	r.out.WriteString("<blockquote>\n")
	r.nested(lines)
	r.out.WriteString("</blockquote>\n")
}

func (r *renderer) list(m []string) {
	tag := "ul"
	if unicode.IsDigit(rune(m[2][0])) {
		tag = "ol"
	}
	indent := len(m[1])
	fmt.Fprintf(&r.out, "<%s>\n", tag)
	for r.at < len(r.lines) {
		m := reItem.FindStringSubmatch(r.lines[r.at])
		if m == nil || len(m[1]) < indent {
			break
		}
		text := m[3]
		r.at++
		var inner []string
		for r.at < len(r.lines) {
			l := r.lines[r.at]
			if l == "" || len(l)-len(strings.TrimLeft(l, " ")) <= indent {
				break
			}
			inner = append(inner, l[min(len(l), indent+2):])
			r.at++
		}
		box := ""
		if t, ok := strings.CutPrefix(text, "[x] "); ok {
			text, box = t, "&#9745; "
		} else if t, ok := strings.CutPrefix(text, "[ ] "); ok {
			text, box = t, "&#9744; "
		}
		r.out.WriteString("<li>" + box + inline(text))
		if len(inner) > 0 {
			r.out.WriteByte('\n')
			r.nested(inner)
		}
		r.out.WriteString("</li>\n")
	}
	fmt.Fprintf(&r.out, "</%s>\n", tag)
}

func cells(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	parts := strings.Split(line, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (r *renderer) table() {
	head := cells(r.lines[r.at])
	var align []string
	for _, c := range cells(r.lines[r.at+1]) {
		switch {
		case strings.HasPrefix(c, ":") && strings.HasSuffix(c, ":"):
			align = append(align, ` align="center"`)
		case strings.HasSuffix(c, ":"):
			align = append(align, ` align="right"`)
		default:
			align = append(align, "")
		}
	}
	row := func(tag string, cs []string) {
		r.out.WriteString("<tr>")
		for i := range head {
			a, c := "", ""
			if i < len(align) {
				a = align[i]
			}
			if i < len(cs) {
				c = inline(cs[i])
			}
			fmt.Fprintf(&r.out, "<%s%s>%s</%[1]s>", tag, a, c)
		}
		r.out.WriteString("</tr>\n")
	}
	r.out.WriteString("<table>\n")
	row("th", head)
	for r.at += 2; r.at < len(r.lines) && strings.Contains(r.lines[r.at], "|"); r.at++ {
		row("td", cells(r.lines[r.at]))
	}
	r.out.WriteString("</table>\n")
}

func (r *renderer) paragraph() {
	var lines []string
	for ; r.at < len(r.lines); r.at++ {
		l := r.lines[r.at]
		if strings.TrimSpace(l) == "" || len(lines) > 0 && (reHeading.MatchString(l) || reFence.MatchString(l) || strings.HasPrefix(l, ">") || reItem.MatchString(l)) {
			break
		}
		text := inline(strings.TrimSpace(l))
		if strings.HasSuffix(l, "  ") {
			text += "<br>"
		}
		lines = append(lines, text)
	}
	r.out.WriteString("<p>" + strings.Join(lines, "\n") + "</p>\n")
}

// ---- The site ----

type page struct {
	Path, Title string
	Date        time.Time
	Tags        []string
	Draft       bool
	Body        template.HTML
	TOC         []heading
	Words       int
	Prev, Next  *page
}

func (p *page) URL() string { return "/" + strings.TrimSuffix(p.Path, ".md") + ".html" }

func parsePage(name string, src []byte) (*page, error) {
	p := &page{Path: name, Title: strings.TrimSuffix(path.Base(name), ".md")}
	text := string(src)
	if rest, ok := strings.CutPrefix(text, "---\n"); ok {
		head, body, ok := strings.Cut(rest, "\n---\n")
		if !ok {
			return nil, errors.New("front matter has no end")
		}
		text = body
		sc := bufio.NewScanner(strings.NewReader(head))
		for n := 2; sc.Scan(); n++ {
			k, v, ok := strings.Cut(sc.Text(), ":")
			v = strings.TrimSpace(v)
			var err error
			switch {
			case !ok:
				err = errors.New("no colon")
			case k == "title":
				p.Title = v
			case k == "date":
				p.Date, err = time.Parse(time.DateOnly, v)
			case k == "tags":
				for t := range strings.SplitSeq(v, ",") {
					p.Tags = append(p.Tags, strings.TrimSpace(t))
				}
			case k == "draft":
				p.Draft = v == "true"
			default:
				err = fmt.Errorf("unknown key %q", k)
			}
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	body, toc := markdown(text)
	p.Body, p.TOC, p.Words = template.HTML(body), toc, len(strings.Fields(text))
	return p, nil
}

type site struct {
	pages []*page
	tags  map[string][]*page
	tmpl  *template.Template
}

func load(fsys fs.FS) (*site, error) {
	s := &site{tags: map[string][]*page{}}
	var errs []error
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		p, err := parsePage(name, src)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		} else if !p.Draft {
			s.pages = append(s.pages, p)
		}
		return nil
	})
	if err = errors.Join(append(errs, err)...); err != nil {
		return s, err
	}
	slices.SortFunc(s.pages, func(a, b *page) int { return cmp.Or(b.Date.Compare(a.Date), strings.Compare(a.Path, b.Path)) })
	for i, p := range s.pages {
		if i > 0 {
			p.Next, s.pages[i-1].Prev = s.pages[i-1], p
		}
		for _, t := range p.Tags {
			s.tags[t] = append(s.tags[t], p)
		}
	}
	s.tmpl, err = template.New("site").Funcs(template.FuncMap{
		"date": func(t time.Time) string { return t.Format("2 January 2006") },
		"join": strings.Join,
	}).ParseFS(fsys, "layout/*.html")
	return s, err
}

func (s *site) write(dir string) (files []string, err error) {
	put := func(name string, f func(b *bytes.Buffer) error) {
		var b bytes.Buffer
		if e := f(&b); e != nil {
			err = errors.Join(err, e)
			return
		}
		full := filepath.Join(dir, filepath.FromSlash(name))
		os.MkdirAll(filepath.Dir(full), 0o755)
		if e := os.WriteFile(full, b.Bytes(), 0o644); e != nil {
			err = errors.Join(err, e)
		}
		files = append(files, name)
	}
	for _, p := range s.pages {
		put(p.URL()[1:], func(b *bytes.Buffer) error { return s.tmpl.ExecuteTemplate(b, "page.html", p) })
	}
	put("index.html", func(b *bytes.Buffer) error {
		return s.tmpl.ExecuteTemplate(b, "index.html", map[string]any{"Pages": s.pages, "Tags": slices.Sorted(maps.Keys(s.tags))})
	})
	for t, ps := range s.tags {
		put("tags/"+slug(t)+".html", func(b *bytes.Buffer) error {
			return s.tmpl.ExecuteTemplate(b, "index.html", map[string]any{"Pages": ps, "Title": "Tagged <" + t + ">"})
		})
	}
	put("feed.xml", func(b *bytes.Buffer) error {
		type item struct {
			Title string `xml:"title"`
			Link  string `xml:"link"`
			Date  string `xml:"pubDate,omitempty"`
		}
		feed := struct {
			XMLName xml.Name `xml:"rss"`
			Version string   `xml:"version,attr"`
			Items   []item   `xml:"channel>item"`
		}{Version: "2.0"}
		for _, p := range s.pages {
			feed.Items = append(feed.Items, item{p.Title, p.URL(), p.Date.Format(time.RFC1123Z)})
		}
		e := xml.NewEncoder(b)
		e.Indent("", " ")
		return e.Encode(feed)
	})
	put("search.json", func(b *bytes.Buffer) error {
		index := map[string][]string{}
		for _, p := range s.pages {
			seen := map[string]bool{}
			for w := range strings.FieldsFuncSeq(strings.ToLower(string(p.Body)), func(r rune) bool { return !unicode.IsLetter(r) }) {
				if len(w) > 5 && !seen[w] {
					seen[w] = true
					index[w] = append(index[w], p.URL())
				}
			}
		}
		return json.NewEncoder(b).Encode(index)
	})
	slices.Sort(files)
	return
}

var source = fstest.MapFS{
	"layout/page.html":  {Data: []byte("{{define \"head\"}}<title>{{.}}</title>{{end}}<html>{{template \"head\" .Title}}\n{{if not .Date.IsZero}}<time>{{date .Date}}</time>\n{{end}}{{with .TOC}}<nav>{{range .}}<a class=\"l{{.Level}}\" href=\"#{{.ID}}\">{{.Text}}</a> {{end}}</nav>\n{{end}}{{.Body}}{{with .Tags}}<p>{{join . \", \"}}</p>\n{{end}}{{with .Prev}}<a href=\"{{.URL}}\">&larr; {{.Title}}</a>{{end}}{{with .Next}}<a href=\"{{.URL}}\">{{.Title}} &rarr;</a>{{end}}\n<script>var words = {{.Words}}, title = {{.Title}};</script></html>\n")},
	"layout/index.html": {Data: []byte("<html>{{template \"head\" (or .Title \"Home\")}}\n<ul>{{range .Pages}}\n<li><a href=\"{{.URL}}\" title=\"{{.Title}}\">{{.Title}}</a> {{.Words}}</li>{{end}}\n</ul>{{with .Tags}}{{range .}}<i>{{.}}</i>{{end}}{{end}}</html>\n")},
	"posts/first.md":    {Data: []byte("---\ntitle: First & foremost\ndate: 2024-01-02\ntags: go, tests\n---\n# Hello *world*\n\nA paragraph with **bold _nested_**, `code <b>`, ~~gone~~,\na [link](/x?a=1&b=2 \"the title\") and <https://example.com/?q=1&r>.  \nNext line \\*not em\\*.\n\n## List\n\n- one\n- two\n  1. sub **a**\n  2. sub b\n\n  > quoted in list\n- [x] done\n- [ ] open\n\n## List\n\n```go\nfunc main() { a < b && c }\n```\n\n> quote\n> ## inside\n> - item\n\n***\n")},
	"posts/second.md":   {Data: []byte("---\ntitle: Second \"quoted\"\ndate: 2024-03-05\ntags: go\n---\nTable:\n\n| Name | Count | Mid |\n|:-----|------:|:---:|\n| a *b* | 1 | x |\n| `c` | 22 |\n\n![image](pic.png) unclosed **bold and * star and _ line\n")},
	"about.md":          {Data: []byte("Über uns: <script>alert(1)</script> & more.\n")},
	"draft.md":          {Data: []byte("---\ndraft: true\n---\nnot yet\n")},
}

func main() {
	s, err := load(source)
	fmt.Println(len(s.pages), err)
	dir, _ := os.MkdirTemp("", "site")
	defer os.RemoveAll(dir)
	files, err := s.write(dir)
	fmt.Println(files, err)
	for _, f := range files {
		b, _ := os.ReadFile(filepath.Join(dir, f))
		fmt.Printf("==== %s\n%s", f, b)
	}
	for name, text := range map[string]string{"bad.md": "---\ntitle x\n---\n"} {
		_, err := parsePage(name, []byte(text))
		fmt.Println(err)
	}
	_, err = load(fstest.MapFS{"a.md": {Data: []byte("---\ndate: yesterday\n---\n")}, "b.md": {Data: []byte("---\nopen")}, "c.md": {Data: []byte("---\nzzz: 1\n---\n")}})
	fmt.Println(err)
}
