import itertools
import math
import random
import unittest

from comparison import statistics


class StatisticsTests(unittest.TestCase):
    def test_counts_are_those_of_all_sign_patterns(self):
        for n in range(1, 9):
            counted = [0] * (n * (n + 1) // 2 + 1)
            for signs in itertools.product([0, 1], repeat=n):
                counted[sum(rank for rank, sign in enumerate(signs, 1) if sign)] += 1
            self.assertEqual(statistics.signed_rank_counts(n), counted)

    def test_fewer_than_six_pairs_have_no_interval(self):
        for n in range(1, 6):
            estimate, lower, upper = statistics.exact_interval([float(i) for i in range(n)])
            self.assertIsNotNone(estimate)
            self.assertIsNone(lower)
            self.assertIsNone(upper)
        self.assertEqual(statistics.exact_interval([3, 1, 2, 6, 4, 5]), (3.5, 1, 6))

    def test_known_interval_of_eight_pairs(self):
        # n = 8: P(W <= 3) = 5/256 < 0.025 < P(W <= 4), so four averages are cut at each end.
        values = [0.0, 1, 2, 4, 8, 16, 32, 64]
        walsh = sorted((a + b) / 2 for i, a in enumerate(values) for b in values[i:])
        self.assertEqual(statistics.exact_interval(values)[1:], (walsh[3], walsh[-4]))

    def test_coverage_is_at_least_what_is_promised(self):
        draw = random.Random(3)
        for n in (6, 8, 12):
            hits = 0
            for _ in range(2000):
                _, lower, upper = statistics.exact_interval([draw.gauss(1, 2) for _ in range(n)])
                hits += lower <= 1 <= upper
            self.assertGreater(hits / 2000, 0.935)

    def test_a_ratio_turned_round_is_its_inverse(self):
        draw = random.Random(4)
        a = [draw.uniform(1, 2) for _ in range(8)]
        b = [draw.uniform(1, 2) for _ in range(8)]
        there, back = statistics.ratio_interval(a, b), statistics.ratio_interval(b, a)
        for left, right in zip(there, (back[0], back[2], back[1])):
            self.assertTrue(math.isclose(left, 1 / right, rel_tol=1e-12))
        self.assertEqual(statistics.ratio_interval(a, a), (1.0, 1.0, 1.0))


if __name__ == "__main__":
    unittest.main()
