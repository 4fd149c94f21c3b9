using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>What a pooling makes of a window.</summary>
public enum PoolKind
{
    /// <summary>The largest element.</summary>
    Max,

    /// <summary>The mean.</summary>
    Average,
}

/// <summary>
/// Pooling to a given size: window i of an axis of n steps cut into o runs from ⌊i·n/o⌋ to before ⌈(i+1)·n/o⌉. Keras's
/// AdaptiveMaxPooling and AdaptiveAveragePooling; ONNX has no such operator. Channels last.
/// </summary>
/// <param name="OutputSize">Number of windows along each spatial axis.</param>
/// <param name="Kind">What is made of a window.</param>
public sealed record AdaptivePool(EquatableList<int> OutputSize, PoolKind Kind) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        if (x.Rank != OutputSize.Count + 2 || OutputSize.Count is < 1 or > 3)
        {
            throw inputs.Fail($"shape {x} pooled to {OutputSize}", "a batch axis, one to three spatial axes and a channel axis");
        }

        return [new TensorType(inputs.DType(0), new SymbolicShape([x[0], .. OutputSize.Select(s => (Dim)s), x[-1]]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        int channels = y.Shape[-1];
        (int[] rows, int[] starts) = Windows(x.Shape, y.Shape);
        bool average = Kind == PoolKind.Average;
        return frame =>
        {
            ReadOnlySpan<T> pixels = frame.Span<T>(x);
            for (int window = 0; window + 1 < starts.Length; window++)
            {
                Span<T> row = frame.Span<T>(y).Slice(window * channels, channels);
                ReadOnlySpan<int> members = rows.AsSpan(starts[window], starts[window + 1] - starts[window]);
                pixels.Slice(members[0] * channels, channels).CopyTo(row);
                foreach (int member in members[1..])
                {
                    ReadOnlySpan<T> pixel = pixels.Slice(member * channels, channels);
                    if (average)
                    {
                        TensorPrimitives.Add(row, pixel, row);
                    }
                    else
                    {
                        TensorPrimitives.Max(row, pixel, row);
                    }
                }

                if (average)
                {
                    TensorPrimitives.Divide(row, T.CreateChecked(members.Length), row);
                }
            }
        };
    }

    /// <summary>The input rows of each window, one window after the other, and where each window's begin.</summary>
    internal (int[] Rows, int[] Starts) Windows(Shape x, Shape y)
    {
        var rows = new List<int>();
        var starts = new List<int> { 0 };
        int perExample = OutputSize.Aggregate(1, (a, b) => a * b);
        for (int window = 0; window < y[0] * perExample; window++)
        {
            IEnumerable<int> members = [window / perExample];
            for (int axis = 0, inside = perExample; axis < OutputSize.Count; axis++)
            {
                int size = x[axis + 1], count = OutputSize[axis];
                inside /= count;
                int i = window / inside % count;
                int first = i * size / count, end = (((i + 1) * size) + count - 1) / count;
                members = members.SelectMany(outer => Enumerable.Range(first, end - first).Select(step => (outer * size) + step));
            }

            rows.AddRange(members);
            starts.Add(rows.Count);
        }

        return ([.. rows], [.. starts]);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Pooling of x (batch, spatial…, channels) to a given number of windows along each spatial axis.</summary>
    public Value AdaptivePool(Value x, EquatableList<int> outputSize, PoolKind kind) => Apply(new AdaptivePool(outputSize, kind), x);
}
