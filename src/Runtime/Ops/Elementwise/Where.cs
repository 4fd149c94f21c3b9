using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The element of the second input where the first is true, else that of the third. Shapes broadcast. ONNX Where.</summary>
public sealed record Where : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireBool(0);
        inputs.RequireSameType(1, 2);
        return [new TensorType(inputs.DType(1), inputs.Broadcast(inputs.Shape(0), inputs.Shape(1), inputs.Shape(2)))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(1).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot condition = binding.Input(0), a = binding.Input(1), b = binding.Input(2), y = binding.Output(0);
        var walk = new BroadcastWalk(y.Shape, condition.Shape, a.Shape, b.Shape);
        return frame => Select(walk, frame.Span<bool>(condition), frame.Span<T>(a), frame.Span<T>(b), frame.Span<T>(y));
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot condition = binding.Input(0), a = binding.Input(1), b = binding.Input(2), y = binding.Output(0);
        var walk = new BroadcastWalk(y.Shape, condition.Shape, a.Shape, b.Shape);
        return frame => Select(walk, frame.Span<bool>(condition), frame.Texts(a), frame.Texts(b), frame.Texts(y));
    }

    private static void Select<T>(BroadcastWalk walk, ReadOnlySpan<bool> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        Span<int> at = stackalloc int[walk.OuterRank];
        Span<int> offsets = stackalloc int[3];
        at.Clear();
        offsets.Clear();
        int length = walk.InnerSize, stepA = walk.InnerStride(1), stepB = walk.InnerStride(2);
        bool oneForAll = walk.InnerStride(0) == 0;
        for (int to = 0; to < y.Length; to += length)
        {
            Span<T> row = y.Slice(to, length);
            if (oneForAll)
            {
                bool first = condition[offsets[0]];
                Copy(first ? a[offsets[1]..] : b[offsets[2]..], first ? stepA : stepB, row);
            }
            else
            {
                Pick(condition.Slice(offsets[0], length), a[offsets[1]..], stepA, b[offsets[2]..], stepB, row);
            }

            walk.Next(at, offsets);
        }
    }

    private static void Copy<T>(ReadOnlySpan<T> x, int step, Span<T> row)
    {
        if (step == 0)
        {
            row.Fill(x[0]);
        }
        else
        {
            x[..row.Length].CopyTo(row);
        }
    }

    private static void Pick<T>(ReadOnlySpan<bool> condition, ReadOnlySpan<T> a, int stepA, ReadOnlySpan<T> b, int stepB, Span<T> row)
    {
        for (int i = 0, j = 0, k = 0; i < row.Length; i++, j += stepA, k += stepB)
        {
            row[i] = condition[i] ? a[j] : b[k];
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The element of <paramref name="a"/> where the condition is true, else that of <paramref name="b"/>. Shapes broadcast.</summary>
    public Value Where(Value condition, Value a, Value b) => Apply(new Where(), condition, a, b);
}
