using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels.Functions;

/// <summary>What an axis is reduced to.</summary>
internal enum ReductionKind
{
    Sum,
    Mean,
    Max,
    Min,
    Product,
    SumOfSquares,
    SumOfAbsolutes,
}

/// <summary>
/// Reduces the middle axis of a tensor seen as (outer, count, inner): y[o, i] = fold over c of x[o, c, i]. Max and min
/// hand on NaN; the sum of nothing is 0, its mean NaN.
/// </summary>
/// <remarks>
/// The order is fixed by the shape alone. With inner = 1 a row is folded in four registers (element i belongs to lane
/// i mod 4·lanes), otherwise each lane folds its own column. Either way a total is kept beside the fold of the current
/// block of <see cref="BlockLength"/> steps, so that rounding errors grow with the length of a block, not of the axis.
/// </remarks>
internal static unsafe class Reduction
{
    public const int BlockLength = 512;

    public static void Run(ReductionKind kind, float* x, float* y, int outer, int count, int inner)
    {
        switch (kind)
        {
            case ReductionKind.Sum:
            case ReductionKind.Mean:
                Fold<Itself, Add>(x, y, outer, count, inner, 0f, kind == ReductionKind.Mean);
                break;
            case ReductionKind.Max:
                Fold<Itself, Maximum>(x, y, outer, count, inner, float.NegativeInfinity);
                break;
            case ReductionKind.Min:
                Fold<Itself, Minimum>(x, y, outer, count, inner, float.PositiveInfinity);
                break;
            case ReductionKind.Product:
                Fold<Itself, Multiply>(x, y, outer, count, inner, 1f);
                break;
            case ReductionKind.SumOfSquares:
                Fold<Square, Add>(x, y, outer, count, inner, 0f);
                break;
            case ReductionKind.SumOfAbsolutes:
                Fold<Absolute, Add>(x, y, outer, count, inner, 0f);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a reduction.");
        }
    }

    private static void Fold<TMap, TFold>(float* x, float* y, int outer, int count, int inner, float start, bool isMean = false)
        where TMap : struct, IUnary
        where TFold : struct, IBinary
    {
        const int PartFloats = 1 << 15;
        if ((long)outer * inner == 0)
        {
            return;
        }

        ReductionParts<TMap, TFold> body = new()
        {
            X = x,
            Y = y,
            Outer = outer,
            Count = count,
            Inner = inner,
            Start = start,
            IsMean = isMean,
        };

        // A part is some of the outer entries, or of one entry's columns when there are few entries.
        long rowFloats = Math.Max(1, (long)count * inner);
        body.OuterPerPart = (int)Math.Clamp(PartFloats / rowFloats, 1, outer);
        body.InnerPerPart = rowFloats <= PartFloats || inner < 64 ? inner : GemmBlocks.RoundUp((inner + 3) / 4, 16);
        int outerParts = (outer + body.OuterPerPart - 1) / body.OuterPerPart;
        body.InnerParts = (inner + body.InnerPerPart - 1) / body.InnerPerPart;
        CpuThreads.For(outerParts * body.InnerParts, body);
    }

    /// <summary>x</summary>
    private readonly struct Itself : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x)
            where V : struct, ILanes<V> => x;
    }
}

/// <summary>A reduction cut into parts of its result.</summary>
internal unsafe struct ReductionParts<TMap, TFold> : IParallelBody
    where TMap : struct, IUnary
    where TFold : struct, IBinary
{
    public float* X;
    public float* Y;
    public int Outer;
    public int Count;
    public int Inner;
    public float Start;
    public bool IsMean;
    public int OuterPerPart;
    public int InnerPerPart;
    public int InnerParts;

    public void Run(int part, int slot)
    {
        int first = part / InnerParts * OuterPerPart;
        int column = part % InnerParts * InnerPerPart;
        Body body = new()
        {
            Owner = this,
            First = first,
            End = Math.Min(Outer, first + OuterPerPart),
            FirstColumn = column,
            EndColumn = Math.Min(Inner, column + InnerPerPart),
        };
        KernelTable.Run(body);
    }

    private struct Body : ILaneBody
    {
        public ReductionParts<TMap, TFold> Owner;
        public int First;
        public int End;
        public int FirstColumn;
        public int EndColumn;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            for (int o = First; o < End; o++)
            {
                float* x = Owner.X + ((nint)o * Owner.Count * Owner.Inner);
                float* y = Owner.Y + ((nint)o * Owner.Inner);
                if (Owner.Inner == 1)
                {
                    *y = Row<V>(x);
                    continue;
                }

                for (int i = FirstColumn; i < EndColumn; i += V.Count)
                {
                    Column<V>(x + i, y + i, Math.Min(V.Count, EndColumn - i));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Column<V>(float* x, float* y, int lanes)
            where V : struct, ILanes<V>
        {
            V start = V.Broadcast(Owner.Start);
            V total = start;
            for (int block = 0; block < Owner.Count; block += Reduction.BlockLength)
            {
                V part = start;
                int end = Math.Min(Owner.Count, block + Reduction.BlockLength);
                for (nint c = block; c < end; c++)
                {
                    float* at = x + (c * Owner.Inner);
                    V value = lanes == V.Count ? V.Load(at) : V.LoadPartial(at, lanes);
                    part = default(TFold).Apply(part, default(TMap).Apply(value));
                }

                total = default(TFold).Apply(total, part);
            }

            V.StorePartial(Owner.IsMean ? total / V.Broadcast(Owner.Count) : total, y, lanes);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [SkipLocalsInit]
        private readonly float Row<V>(float* x)
            where V : struct, ILanes<V>
        {
            V start = V.Broadcast(Owner.Start);
            V total = start;
            int blockFloats = Reduction.BlockLength * V.Count;
            for (int block = 0; block < Owner.Count; block += blockFloats)
            {
                total = default(TFold).Apply(total, Block<V>(x, block, Math.Min(Owner.Count, block + blockFloats)));
            }

            float* lanes = stackalloc float[V.Count];
            V.Store(total, lanes);
            float result = *lanes;
            for (int lane = 1; lane < V.Count; lane++)
            {
                Lanes1 folded = default(TFold).Apply(Lanes1.Broadcast(result), Lanes1.Load(lanes + lane));
                Lanes1.Store(folded, &result);
            }

            return Owner.IsMean ? result / Owner.Count : result;
        }

        // The lanes beyond the end hold the fold's neutral element.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V Block<V>(float* x, int i, int end)
            where V : struct, ILanes<V>
        {
            TFold fold = default;
            TMap map = default;
            V start = V.Broadcast(Owner.Start);
            V s0 = start, s1 = start, s2 = start, s3 = start;
            for (; i <= end - (4 * V.Count); i += 4 * V.Count)
            {
                s0 = fold.Apply(s0, map.Apply(V.Load(x + i)));
                s1 = fold.Apply(s1, map.Apply(V.Load(x + i + V.Count)));
                s2 = fold.Apply(s2, map.Apply(V.Load(x + i + (2 * V.Count))));
                s3 = fold.Apply(s3, map.Apply(V.Load(x + i + (3 * V.Count))));
            }

            for (; i < end; i += V.Count)
            {
                s0 = fold.Apply(s0, map.Apply(V.LoadPartial(x + i, Math.Min(V.Count, end - i), start)));
            }

            return fold.Apply(fold.Apply(s0, s1), fold.Apply(s2, s3));
        }
    }
}
