using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>A matrix in a buffer, as BLAS names it: rows one after another.</summary>
/// <param name="IsTransposed">Whether the product reads its rows as columns.</param>
/// <param name="Lead">Elements from row to row, as it lies.</param>
internal readonly record struct BlasMatrix(bool IsTransposed, int Lead);

/// <summary>The functions of CLBlast that the executor calls, as <c>clblast_c.h</c> declares them.</summary>
internal sealed unsafe class ClBlastApi
{
    // clblast_c.h: CLBlastLayout, CLBlastTranspose.
    private const int RowMajor = 101, AsItIs = 111, Transposed = 112;

    private readonly delegate* unmanaged<int, int, int, nuint, nuint, nuint, float, nint, nuint, nuint, nint, nuint, nuint, float, nint, nuint, nuint, nint*, nint*, int> _sgemm;
    private readonly delegate* unmanaged<int, int, int, nuint, nuint, nuint, float*, nint, nuint*, nuint, nint, nuint*, nuint, float*, nint, nuint*, nuint, nuint, nint*, nint*, int> _sgemmBatched;

    /// <exception cref="EntryPointNotFoundException">The library lacks a function.</exception>
    public ClBlastApi(nint library)
    {
        _sgemm = (delegate* unmanaged<int, int, int, nuint, nuint, nuint, float, nint, nuint, nuint, nint, nuint, nuint, float, nint, nuint, nuint, nint*, nint*, int>)NativeLibrary.GetExport(library, "CLBlastSgemm");
        _sgemmBatched = (delegate* unmanaged<int, int, int, nuint, nuint, nuint, float*, nint, nuint*, nuint, nint, nuint*, nuint, float*, nint, nuint*, nuint, nuint, nint*, nint*, int>)NativeLibrary.GetExport(library, "CLBlastSgemmBatched");
    }

    /// <summary>(rows, inner) · (inner, columns) in float32, after all commands of the queue before it.</summary>
    /// <exception cref="OpenClException">CLBlast or the driver refused.</exception>
    public void Multiply(nint queue, int rows, int columns, int inner, nint left, BlasMatrix leftMatrix, nint right, BlasMatrix rightMatrix, nint result, int resultLead) =>
        OpenClException.Check(
            _sgemm(
                RowMajor, Order(leftMatrix), Order(rightMatrix), (nuint)rows, (nuint)columns, (nuint)inner,
                1, left, 0, (nuint)leftMatrix.Lead, right, 0, (nuint)rightMatrix.Lead, 0, result, 0, (nuint)resultLead, &queue, null),
            "CLBlastSgemm");

    /// <summary>Several such products that begin at these elements of the three buffers.</summary>
    /// <exception cref="OpenClException">CLBlast or the driver refused.</exception>
    public void Multiply(
        nint queue, int rows, int columns, int inner, nint left, BlasMatrix leftMatrix, ReadOnlySpan<nuint> leftStarts, nint right, BlasMatrix rightMatrix, ReadOnlySpan<nuint> rightStarts,
        nint result, int resultLead, ReadOnlySpan<nuint> resultStarts, ReadOnlySpan<float> ones, ReadOnlySpan<float> zeros)
    {
        fixed (nuint* a = leftStarts, b = rightStarts, c = resultStarts)
        {
            fixed (float* alphas = ones, betas = zeros)
            {
                OpenClException.Check(
                    _sgemmBatched(
                        RowMajor, Order(leftMatrix), Order(rightMatrix), (nuint)rows, (nuint)columns, (nuint)inner,
                        alphas, left, a, (nuint)leftMatrix.Lead, right, b, (nuint)rightMatrix.Lead, betas, result, c, (nuint)resultLead, (nuint)resultStarts.Length, &queue, null),
                    "CLBlastSgemmBatched");
            }
        }
    }

    private static int Order(BlasMatrix matrix) => matrix.IsTransposed ? Transposed : AsItIs;
}
