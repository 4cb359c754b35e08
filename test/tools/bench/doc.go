// Program bench compares our client with Atlassian's, in Chromium or another browser. It uses one page with a stub host,
// @forge/bridge from npm, and a Go program with our client.
//
// Run it from the folder test/; the browser and the npm packages must be installed (make setup):
//
//	go run ./tools/bench                                   # everything
//	go run ./tools/bench -part calls -cells '100B' -pairs 7 # some of it, quickly
//	go run ./tools/bench -browser firefox                  # calls, values, boot and loading in Firefox
//
// Clients are measured in pairs, A B and then B A, and the ratio is taken pair by pair. If something slows the machine for
// a while, it slows both clients. The result is the median of these ratios with its quartiles.
package main
