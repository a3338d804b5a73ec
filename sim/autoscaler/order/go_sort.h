// Sorts as Go's sort.Sort and sort.Slice do, equal elements included. Upstream's order among
// equals is theirs: that of insertion sort up to 12 elements, and beyond that of pattern-defeating
// quicksort, which is unstable but takes no chances. Same input, same order as the real one.
// Source: the published algorithm (O. Peters, "Pattern-defeating Quicksort") with the constants and
// the choice of pivots of Go's package sort.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace casim::sim {

// One sort of a vector: sort.Slice with `before` as its less.
template <class T, class Less>
class GoSort {
 public:
  GoSort(std::vector<T>& data, Less before) : data_(data), less_(std::move(before)) {}

  void run() {
    const int n = static_cast<int>(data_.size());
    if (n > 1) sort(0, n, std::bit_width(static_cast<unsigned>(n)));
  }

 private:
  static constexpr int kMaxInsertion = 12;
  static constexpr int kShortestNinther = 50;
  static constexpr int kShortestShifting = 50;
  static constexpr int kMaxShifts = 5;
  static constexpr int kAllSwapped = 12;  // of a pivot's choice: the range descends

  enum class Hint { kUnknown, kAscending, kDescending };

  struct Pivot {
    int index;
    Hint hint;
  };

  struct Split {
    int middle;
    bool was_partitioned;
  };

  bool less(int i, int j) const {
    return less_(data_[static_cast<std::size_t>(i)], data_[static_cast<std::size_t>(j)]);
  }

  void swap(int i, int j) {
    std::swap(data_[static_cast<std::size_t>(i)], data_[static_cast<std::size_t>(j)]);
  }

  void sort(int a, int b, int limit) {
    bool was_balanced = true;
    bool was_partitioned = true;
    while (true) {
      const int length = b - a;
      if (length <= kMaxInsertion) return insertion_sort(a, b);
      if (limit == 0) return heap_sort(a, b);
      if (!was_balanced) {
        break_patterns(a, b);
        --limit;
      }
      Pivot pivot = choose_pivot(a, b);
      if (pivot.hint == Hint::kDescending) {
        for (int i = a, j = b - 1; i < j; ++i, --j) swap(i, j);
        pivot = Pivot{(b - 1) - (pivot.index - a), Hint::kAscending};
      }
      const bool looks_sorted = was_balanced && was_partitioned && pivot.hint == Hint::kAscending;
      if (looks_sorted && finish_sorted(a, b)) return;
      // The element before the range is no larger than any in it: equal to the pivot, the pivot is
      // the smallest, and its equals need no more sorting.
      if (a > 0 && !less(a - 1, pivot.index)) {
        a = split_equal(a, b, pivot.index);
        continue;
      }
      const Split split = partition(a, b, pivot.index);
      was_partitioned = split.was_partitioned;
      const int left = split.middle - a;
      const int right = b - split.middle;
      if (left < right) {
        was_balanced = left >= length / 8;
        sort(a, split.middle, limit);
        a = split.middle + 1;
      } else {
        was_balanced = right >= length / 8;
        sort(split.middle + 1, b, limit);
        b = split.middle;
      }
    }
  }

  void insertion_sort(int a, int b) {
    for (int i = a + 1; i < b; ++i) {
      for (int j = i; j > a && less(j, j - 1); --j) swap(j, j - 1);
    }
  }

  void heap_sort(int a, int b) {
    const int n = b - a;
    for (int i = (n - 1) / 2; i >= 0; --i) sift_down(i, n, a);
    for (int i = n - 1; i >= 0; --i) {
      swap(a, a + i);
      sift_down(0, i, a);
    }
  }

  void sift_down(int root, int end, int first) {
    while (true) {
      int child = 2 * root + 1;
      if (child >= end) return;
      if (child + 1 < end && less(first + child, first + child + 1)) ++child;
      if (!less(first + root, first + child)) return;
      swap(first + root, first + child);
      root = child;
    }
  }

  Split partition(int a, int b, int pivot) {
    swap(a, pivot);
    int i = a + 1;
    int j = b - 1;
    bool untouched = true;
    while (true) {
      while (i <= j && less(i, a)) ++i;
      while (i <= j && !less(j, a)) --j;
      if (i > j) break;
      untouched = false;
      swap(i++, j--);
    }
    swap(j, a);
    return Split{j, untouched};
  }

  int split_equal(int a, int b, int pivot) {
    swap(a, pivot);
    int i = a + 1;
    int j = b - 1;
    while (true) {
      while (i <= j && !less(a, i)) ++i;
      while (i <= j && less(a, j)) --j;
      if (i > j) return i;
      swap(i++, j--);
    }
  }

  // True: the range is sorted now. Gives up after a few misplaced elements.
  bool finish_sorted(int a, int b) {
    int i = a + 1;
    for (int shifts = 0; shifts < kMaxShifts; ++shifts) {
      while (i < b && !less(i, i - 1)) ++i;
      if (i == b) return true;
      if (b - a < kShortestShifting) return false;
      swap(i, i - 1);
      if (i - a >= 2) {
        for (int j = i - 1; j >= 1 && less(j, j - 1); --j) swap(j, j - 1);
      }
      if (b - i >= 2) {
        for (int j = i + 1; j < b && less(j, j - 1); ++j) swap(j, j - 1);
      }
    }
    return false;
  }

  // Scatters three elements; which ones hangs on the length alone.
  void break_patterns(int a, int b) {
    const int length = b - a;
    if (length < 8) return;
    auto random = static_cast<std::uint64_t>(length);
    const std::uint64_t mask =
        (std::uint64_t{1} << std::bit_width(static_cast<unsigned>(length))) - 1;
    const int middle = a + (length / 4) * 2;
    for (int i = 0; i < 3; ++i) {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      int other = static_cast<int>(random & mask);
      if (other >= length) other -= length;
      swap(middle - 1 + i, a + other);
    }
  }

  Pivot choose_pivot(int a, int b) const {
    const int length = b - a;
    int swaps = 0;
    int i = a + length / 4;
    int j = a + length / 4 * 2;
    int k = a + length / 4 * 3;
    if (length >= kShortestNinther) {
      i = median(i - 1, i, i + 1, swaps);
      j = median(j - 1, j, j + 1, swaps);
      k = median(k - 1, k, k + 1, swaps);
    }
    j = median(i, j, k, swaps);
    if (swaps == 0) return Pivot{j, Hint::kAscending};
    return Pivot{j, swaps == kAllSwapped ? Hint::kDescending : Hint::kUnknown};
  }

  int median(int a, int b, int c, int& swaps) const {
    order(a, b, swaps);
    order(b, c, swaps);
    order(a, b, swaps);
    return b;
  }

  void order(int& a, int& b, int& swaps) const {
    if (!less(b, a)) return;
    ++swaps;
    std::swap(a, b);
  }

  std::vector<T>& data_;
  Less less_;
};

// Sorts in place. `before`: a strict weak order.
template <class T, class Less>
void go_sort(std::vector<T>& data, Less before) {
  GoSort<T, Less>(data, std::move(before)).run();
}

}  // namespace casim::sim
