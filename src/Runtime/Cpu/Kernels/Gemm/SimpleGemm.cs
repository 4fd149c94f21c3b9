using System.Numerics;
using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// C = A·B for types that need no speed: float64 and whole numbers. Row i of C is built as the sum of B's rows times
/// a[i, k], in order of k, with .NET's vectors along the row. Whole numbers wrap on overflow, as in NumPy.
/// </summary>
internal static class SimpleGemm
{
    /// <summary>Multiplies A (m, k) by B (k, n), whose element (row, column) lies at row · rowStride + column · columnStride.</summary>
    public static void Multiply<T>(
        ReadOnlySpan<T> a, int aStride, ReadOnlySpan<T> b, int bRowStride, int bColumnStride, Span<T> c, int cStride,
        int m, int n, int k, bool accumulate = false)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < m; i++)
        {
            ReadOnlySpan<T> row = a.Slice(i * aStride, k);
            Span<T> target = c.Slice(i * cStride, n);
            if (!accumulate)
            {
                target.Clear();
            }

            for (int step = 0; step < k; step++)
            {
                if (bColumnStride == 1)
                {
                    AddScaled(b.Slice(step * bRowStride, n), row[step], target);
                }
                else
                {
                    for (int j = 0; j < n; j++)
                    {
                        target[j] += row[step] * b[(step * bRowStride) + (j * bColumnStride)];
                    }
                }
            }
        }
    }

    private static void AddScaled<T>(ReadOnlySpan<T> source, T scale, Span<T> target)
        where T : unmanaged, INumber<T>
    {
        int j = 0;
        if (Vector<T>.IsSupported)
        {
            Vector<T> factor = new(scale);
            ReadOnlySpan<Vector<T>> sources = MemoryMarshal.Cast<T, Vector<T>>(source);
            Span<Vector<T>> targets = MemoryMarshal.Cast<T, Vector<T>>(target);
            for (int i = 0; i < targets.Length; i++)
            {
                targets[i] += sources[i] * factor;
            }

            j = targets.Length * Vector<T>.Count;
        }

        for (; j < target.Length; j++)
        {
            target[j] += source[j] * scale;
        }
    }
}
