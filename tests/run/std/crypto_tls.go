// crypto/tls and x509: certificates made on the spot, a chain, verification errors, TLS over a pipe and a socket.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"time"
)

func certificate(tmpl, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if parent == nil {
		parent, parentKey = tmpl, key
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, &key.PublicKey, parentKey)
	if err != nil {
		panic(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return c, key
}

func main() {
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	now := start.AddDate(1, 0, 0)
	ca, caKey := certificate(&x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root", Organization: []string{"Test, Inc"}, Country: []string{"XX"}}, NotBefore: start, NotAfter: start.AddDate(10, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	mid, midKey := certificate(&x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Middle"}, NotBefore: start, NotAfter: start.AddDate(5, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, ca, caKey)
	leaf, leafKey := certificate(&x509.Certificate{SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "leaf"}, NotBefore: start, NotAfter: start.AddDate(2, 0, 0), DNSNames: []string{"example.test", "*.wild.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, mid, midKey)
	fmt.Println(ca.Subject, "|", leaf.Issuer, leaf.SerialNumber, leaf.DNSNames, leaf.IPAddresses, leaf.NotAfter, ca.IsCA, leaf.SignatureAlgorithm, leaf.PublicKeyAlgorithm)
	roots, inter := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(ca)
	inter.AddCert(mid)
	for _, o := range []x509.VerifyOptions{
		{Roots: roots, Intermediates: inter, CurrentTime: now, DNSName: "example.test"},
		{Roots: roots, Intermediates: inter, CurrentTime: now, DNSName: "a.wild.test"},
		{Roots: roots, Intermediates: inter, CurrentTime: now, DNSName: "a.b.wild.test"},
		{Roots: roots, Intermediates: inter, CurrentTime: now, DNSName: "127.0.0.1"},
		{Roots: roots, CurrentTime: now},
		{Roots: roots, Intermediates: inter, CurrentTime: start.AddDate(3, 0, 0)},
		{Roots: roots, Intermediates: inter, CurrentTime: start.AddDate(-1, 0, 0)},
		{Roots: inter, Intermediates: roots, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}},
	} {
		chains, err := leaf.Verify(o)
		n := 0
		if len(chains) > 0 {
			n = len(chains[0])
		}
		fmt.Println(n, err)
		var hn x509.HostnameError
		if errors.As(err, &hn) {
			fmt.Println("hostname error", hn.Host)
		}
	}
	fmt.Println(leaf.CheckSignatureFrom(mid), leaf.CheckSignatureFrom(ca))

	clock := func() time.Time { return now }
	server := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw, mid.Raw}, PrivateKey: leafKey}}, Time: clock, NextProtos: []string{"proto2", "proto1"}}
	run := func(name string, client *tls.Config, viaTCP bool) {
		var a, b net.Conn
		if viaTCP {
			l, _ := net.Listen("tcp", "127.0.0.1:0")
			defer l.Close()
			a, _ = net.Dial("tcp", l.Addr().String())
			b, _ = l.Accept()
		} else {
			a, b = net.Pipe()
		}
		done := make(chan string, 1)
		go func() {
			s := tls.Server(b, server)
			defer s.Close()
			defer func() {
				if err := recover(); err != nil {
					done <- fmt.Sprint(err)
				}
			}()
			if err := s.Handshake(); err != nil {
				msg := err.Error()
				done <- msg
				return
			}
			data := make([]byte, 1000)
			n, err := io.ReadFull(s, data[:5])
			fmt.Fprintf(s, "echo %s", data[:n])
			_, err = io.Copy(s, io.LimitReader(zero{}, 200000))
			done <- fmt.Sprint(string(data[:n]), err)
		}()
		client.Time = clock
		c := tls.Client(a, client)
		err := c.Handshake()
		fmt.Println(name, err)
		if err != nil {
			a.Close()
			fmt.Println(strings.Contains(<-done, "tls"))
			return
		}
		st := c.ConnectionState()
		fmt.Println(tls.VersionName(st.Version), st.NegotiatedProtocol, st.HandshakeComplete, st.ServerName, len(st.PeerCertificates), len(st.VerifiedChains), tls.CipherSuiteName(st.CipherSuite) != "", st.CurveID != 0)
		c.Write([]byte("hello"))
		data, err := io.ReadAll(c)
		fmt.Println(len(data), string(data[:10]), err, <-done)
		c.Close()
		_, err = c.Write([]byte("x"))
		fmt.Println(err)
	}
	base := func() *tls.Config { return &tls.Config{RootCAs: roots, ServerName: "example.test"} }
	run("plain", base(), false)
	run("tcp", base(), true)
	c := base()
	c.MaxVersion = tls.VersionTLS12
	run("1.2", c, true)
	c = base()
	c.NextProtos = []string{"proto1", "x"}
	run("alpn", c, true)
	c = base()
	c.ServerName = "other.test"
	run("name", c, true)
	c = base()
	c.RootCAs = x509.NewCertPool()
	run("root", c, true)
	run("insecure", &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(cs tls.ConnectionState) error {
		fmt.Println("verify", cs.PeerCertificates[0].Subject.CommonName)
		return nil
	}}, true)
	run("refused", &tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: func([][]byte, [][]*x509.Certificate) error { return errors.New("not this one") }}, true)
	_, err := tls.X509KeyPair([]byte("x"), []byte("y"))
	fmt.Println(err)
	_, err = x509.ParseCertificate([]byte("junk"))
	fmt.Println(err)
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "req"}, DNSNames: []string{"r.test"}}, leafKey)
	req, err2 := x509.ParseCertificateRequest(csr)
	fmt.Println(err, err2, req.Subject, req.CheckSignature())
}

type zero struct{}

func (zero) Read(p []byte) (int, error) { clear(p); return len(p), nil }
