// The rate at which this processor can multiply, add and take minima of 32-bit integers held in
// registers: prints billions of (multiply, add, minimum) a second, the best of several rounds.
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#if defined(__AVX512F__)
#define V "%%zmm"
#define LANES 16
#elif defined(__AVX2__)
#define V "%%ymm"
#define LANES 8
#else
#error "this benchmark knows AVX-512 and AVX2 only"
#endif

// 13, 14 and 15 are read, T is scratch, M keeps a minimum: six independent chains hide latency.
#define UPDATE(T, M)                                                                               \
  "vpmulld " V "13," V "14," V #T "\n vpaddd " V #T "," V "15," V #T "\n vpminud " V #T "," V #M   \
  "," V #M "\n"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(void) {
  const uint64_t turns = 500000;
  double best = 1e9;
  for (int round = 0; round < 100; round++) {
    double start = now();
    for (uint64_t i = 0; i < turns; i++)
      __asm__ volatile(UPDATE(6, 0) UPDATE(7, 1) UPDATE(8, 2) UPDATE(9, 3) UPDATE(10, 4)
                           UPDATE(11, 5)::
                               : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
                                 "xmm8", "xmm9", "xmm10", "xmm11");
    double took = now() - start;
    if (took < best) best = took;
  }
  printf("%.3f\n", turns * 6.0 * LANES / best / 1e9);
  return 0;
}
