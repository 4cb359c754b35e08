// Program bench measures our client beside Atlassian's, in Chromium: one page with a stub host, @forge/bridge as npm gives
// it, and a Go program with ours.
//
// Run it from the folder test/; Chromium and the npm packages must be installed (make setup):
//
//	go run ./bench                                   # everything
//	go run ./bench -part calls -cells '100B' -pairs 7 # some of it, quickly
//
// What is compared is measured in pairs, A B and then B A, and the ratio is taken pair by pair: what slows the machine for a
// while slows both. The result is the median of these ratios with its quartiles.
package main
