namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;

[Collection(KernelCollection.Name)]
public sealed unsafe class LayoutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AxesOfAnyElementSizeAreReordered(int threads)
    {
        using ThreadCount _ = new(threads);
        (int[] Shape, int[] Permutation)[] cases =
        [
            ([], []),
            ([5], [0]),
            ([3, 0, 2], [2, 1, 0]),
            ([1, 4, 1], [2, 0, 1]),
            ([8, 8], [1, 0]),
            ([13, 21], [1, 0]),
            ([400, 300], [1, 0]),
            ([2, 5, 3, 4], [0, 2, 1, 3]),
            ([2, 5, 3, 4], [3, 2, 1, 0]),
            ([2, 17, 9, 3], [0, 3, 1, 2]),
            ([2, 3, 17, 9], [0, 2, 3, 1]),
            ([40, 12, 30, 20], [2, 0, 3, 1]),
            ([40, 12, 30, 20], [3, 0, 2, 1]),
            ([3, 2, 4, 2, 5], [4, 1, 3, 0, 2]),
        ];
        foreach ((int[] shape, int[] permutation) in cases)
        {
            Check<byte>(shape, permutation);
            Check<short>(shape, permutation);
            Check<float>(shape, permutation);
            Check<long>(shape, permutation);
        }
    }

    [Fact]
    public void RowsAreGathered()
    {
        float[] table = [.. Enumerable.Range(0, 20).Select(i => (float)i)];
        float[] y = new float[12];
        fixed (float* pt = table, py = y)
        {
            Assert.Equal(-1, Gather.Rows<int>(pt, 5, 16, [4, 0, 4], py));
            Assert.Equal([16f, 17f, 18f, 19f, 0f, 1f, 2f, 3f, 16f, 17f, 18f, 19f], y);
            Assert.Equal(-1, Gather.Rows<long>(pt, 5, 16, [-1, 1], py, wrapNegative: true));
            Assert.Equal([16f, 17f, 18f, 19f, 4f, 5f, 6f, 7f], y[..8]);
            Assert.Equal(1, Gather.Rows<int>(pt, 5, 16, [0, -1], py));
            Assert.Equal(0, Gather.Rows<long>(pt, 5, 16, [long.MaxValue], py));
            Assert.Equal(2, Gather.Rows<int>(pt, 5, 16, [1, -5, -6], py, wrapNegative: true));
        }
    }

    [Theory]
    [MemberData(nameof(UseKernels.AllSets), MemberType = typeof(UseKernels))]
    public void SixteenBitFloatsAreRoundedToTheNearest(string set)
    {
        using UseKernels _ = new(set);
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        float[] wide = new float[all.Length];
        BrainFloats.Widen(all, wide);
        ushort[] narrow = new ushort[all.Length];
        BrainFloats.Narrow(wide, narrow);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(wide[i]));
            Assert.Equal(float.IsNaN(wide[i]) ? i | 0x40 : i, narrow[i]);
        }

        float[] ties = [1f, 1.00390625f, 1.01171875f, 1.0039064f, -1.00390625f, float.MaxValue, float.Epsilon, float.NaN, 3e-39f];
        foreach (int length in Enumerable.Range(0, 40))
        {
            float[] source = [.. Enumerable.Range(0, length).Select(i => ties[i % ties.Length])];
            ushort[] target = new ushort[length];
            BrainFloats.Narrow(source, target);
            ushort[] expected = [0x3F80, 0x3F80, 0x3F82, 0x3F81, 0xBF80, 0x7F80, 0, 0xFFC0, 0x0021];
            Assert.Equal([.. Enumerable.Range(0, length).Select(i => expected[i % ties.Length])], target);
        }

        Half[] halves = [.. all.Select(BitConverter.UInt16BitsToHalf)];
        Half[] back = new Half[halves.Length];
        HalfFloats.Widen(halves, wide);
        HalfFloats.Narrow(wide, back);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal((float)halves[i], wide[i]);
            Assert.Equal(halves[i], back[i]);
        }
    }

    private static void Check<T>(int[] shape, int[] permutation)
        where T : unmanaged
    {
        int count = shape.Aggregate(1, (a, b) => a * b);
        T[] x = new T[count];
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(x.AsSpan()));
        T[] y = new T[count];
        T[] expected = new T[count];
        int[] strides = new int[shape.Length];
        for (int i = shape.Length - 1, stride = 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        for (int i = 0; i < count; i++)
        {
            int from = 0;
            for (int axis = shape.Length - 1, rest = i; axis >= 0; axis--)
            {
                int length = shape[permutation[axis]];
                from += rest % length * strides[permutation[axis]];
                rest /= length;
            }

            expected[i] = x[from];
        }

        fixed (T* px = x, py = y)
        {
            Transpose.Run(px, shape, permutation, py);
        }

        Assert.True(expected.AsSpan().SequenceEqual(y), $"{string.Join(" ", shape)} by {string.Join(" ", permutation)}, {typeof(T).Name}");
    }
}
