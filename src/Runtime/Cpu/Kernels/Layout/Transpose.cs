using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Reorders the axes of a tensor, elements of 1, 2, 4 or 8 bytes: y's axis i is x's axis permutation[i]. Neighbouring axes
/// that stay neighbours are treated as one. If the last axis stays last, runs are copied; otherwise the axis
/// that is contiguous in x and the one that is contiguous in y are walked together in blocks of 8 × 8, so that neither
/// side jumps through memory an element at a time.
/// </summary>
internal static unsafe class Transpose
{
    private const int Block = 8;

    public static void Run<T>(T* x, ReadOnlySpan<int> shape, ReadOnlySpan<int> permutation, T* y)
        where T : unmanaged
    {
        int rank = shape.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(permutation.Length, rank);
        Span<Axis> axes = stackalloc Axis[rank + 1];
        int count = Merge(shape, permutation, axes);
        if (count < 0)
        {
            return;
        }

        axes = axes[..count];
        TransposeParts<T> body = default;
        fixed (Axis* start = axes)
        {
            body.X = x;
            body.Y = y;
            body.Axes = start;
            body.Count = count;
            body.Contiguous = 0;
            while (axes[body.Contiguous].Source != 1)
            {
                body.Contiguous++;
            }

            // Parts are steps of y's first axis, which no thread shares.
            long elements = 1;
            foreach (Axis axis in axes)
            {
                elements *= axis.Length;
            }

            bool parallel = count > 1 && body.Contiguous > 0 && elements >= 1 << 16;
            body.PartLength = parallel ? Math.Max(1, (axes[0].Length + (4 * CpuThreads.Count) - 1) / (4 * CpuThreads.Count)) : axes[0].Length;
            CpuThreads.For((axes[0].Length + body.PartLength - 1) / body.PartLength, body);
        }
    }

    /// <summary>An axis of y: its length, and how far apart its elements are in x and in y.</summary>
    internal record struct Axis(int Length, nint Source, nint Target);

    // Fills the axes of y, without those of length 1 and with joined neighbours; −1 if there is nothing to copy.
    private static int Merge(ReadOnlySpan<int> shape, ReadOnlySpan<int> permutation, Span<Axis> axes)
    {
        Span<nint> strides = stackalloc nint[shape.Length];
        nint stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        if (stride == 0)
        {
            return -1;
        }

        int count = 0;
        foreach (int from in permutation)
        {
            int length = shape[from];
            if (length == 1)
            {
                continue;
            }

            if (count > 0 && axes[count - 1].Source == strides[from] * length)
            {
                axes[count - 1] = new(axes[count - 1].Length * length, strides[from], 0);
            }
            else
            {
                axes[count++] = new(length, strides[from], 0);
            }
        }

        if (count == 0)
        {
            axes[count++] = new(1, 1, 1);
        }

        nint target = 1;
        for (int i = count - 1; i >= 0; i--)
        {
            axes[i].Target = target;
            target *= axes[i].Length;
        }

        return count;
    }

    /// <summary>A transpose as parts of y's first axis.</summary>
    private struct TransposeParts<T> : IParallelBody
        where T : unmanaged
    {
        public T* X;
        public T* Y;
        public Axis* Axes;
        public int Count;

        /// <summary>The axis of y along which x is contiguous.</summary>
        public int Contiguous;
        public int PartLength;

        public void Run(int part, int slot)
        {
            int first = part * PartLength;
            int end = Math.Min(first + PartLength, Axes[0].Length);
            if (Count == 1 || Contiguous == 0)
            {
                // The first axis is itself one of the two that are walked together: there is one part.
                Walk(0, X, Y);
                return;
            }

            for (int i = first; i < end; i++)
            {
                Walk(1, X + (i * Axes[0].Source), Y + (i * Axes[0].Target));
            }
        }

        private readonly void Walk(int axis, T* x, T* y)
        {
            if (axis == Contiguous && axis < Count - 1)
            {
                axis++;
            }

            if (axis < Count - 1)
            {
                for (int i = 0; i < Axes[axis].Length; i++)
                {
                    Walk(axis + 1, x + (i * Axes[axis].Source), y + (i * Axes[axis].Target));
                }
            }
            else if (Contiguous == Count - 1)
            {
                Buffer.MemoryCopy(x, y, (long)Axes[axis].Length * sizeof(T), (long)Axes[axis].Length * sizeof(T));
            }
            else
            {
                Plane(x, y, Axes[Contiguous], Axes[axis]);
            }
        }

        // `across` is contiguous in x, `along` in y.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Plane(T* x, T* y, Axis across, Axis along)
        {
            for (int a = 0; a < across.Length; a += Block)
            {
                int width = Math.Min(Block, across.Length - a);
                for (int b = 0; b < along.Length; b += Block)
                {
                    int height = Math.Min(Block, along.Length - b);
                    T* source = x + a + (b * along.Source);
                    T* target = y + b + (a * across.Target);
                    if (sizeof(T) == sizeof(float) && width == Block && height == Block)
                    {
                        BlockTranspose.Run((float*)source, along.Source, (float*)target, across.Target);
                    }
                    else
                    {
                        Small(source, along.Source, target, across.Target, width, height);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Small(T* source, nint sourceStride, T* target, nint targetStride, int width, int height)
        {
            for (int a = 0; a < width; a++)
            {
                for (int b = 0; b < height; b++)
                {
                    target[(a * targetStride) + b] = source[(b * sourceStride) + a];
                }
            }
        }
    }
}
