// The decomposition of a matrix into an orthogonal and a triangular one.
#ifndef TB_KERNELS_QR_H_
#define TB_KERNELS_QR_H_

#include <cstddef>

namespace tensorbundle::kernels {

// a = q r by Householder's reflections, for a of m rows and n columns. Matrices
// are stored column by column: a as n runs of m numbers, q as `columns` runs of
// m, columns <= m. On return the upper triangle of a holds r, and what is below
// the diagonal is used up. `scales` has room for min(m, n) numbers.
//
// Signs are those of Eigen's HouseholderQR: each number on the diagonal of r
// has the opposite sign of the one it came from.
void Qr(size_t m, size_t n, size_t columns, double* a, double* q,
        double* scales);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_QR_H_
