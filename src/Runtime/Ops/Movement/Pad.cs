using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>What stands beyond the edges of a padded value. Names are numpy's.</summary>
public enum PadMode
{
    /// <summary>One number.</summary>
    Constant,

    /// <summary>The element at the edge.</summary>
    Edge,

    /// <summary>The value mirrored at its last element, which is not repeated.</summary>
    Reflect,

    /// <summary>The value mirrored behind its last element, which is repeated.</summary>
    Symmetric,

    /// <summary>The value from its other end.</summary>
    Wrap,
}

/// <summary>The input with more elements around it, or fewer where a number is negative. ONNX Pad; Symmetric and Wrap are Gather of indices.</summary>
/// <param name="Before">Elements added before each axis.</param>
/// <param name="After">Elements added behind each axis.</param>
/// <param name="Mode">What is added.</param>
/// <param name="Value">The number for <see cref="PadMode.Constant"/>; text is padded with empty text.</param>
public sealed record Pad(EquatableList<int> Before, EquatableList<int> After, PadMode Mode = PadMode.Constant, double Value = 0) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        if (Before.Count != x.Rank || After.Count != x.Rank)
        {
            throw inputs.Fail($"{Before.Count} and {After.Count} pads for shape {x}", $"{x.Rank} before and behind");
        }

        Dim[] dims = [.. x.Select((size, axis) => size + Before[axis] + After[axis])];
        return dims.All(d => !d.IsConstant || d.Value >= 0)
            ? [new TensorType(inputs.DType(0), new SymbolicShape(dims))]
            : throw inputs.Fail($"pads {Before} and {After} for shape {x}", "no more cropped than there is");
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        PadSources sources = Sources(x.Shape, y.Shape);
        T value = MemoryMarshal.Read<T>(Tensor.Scalar(Value).Cast(x.DType).Bytes);
        return frame => sources.Copy(frame.Span<T>(x), frame.Span<T>(y), value);
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        PadSources sources = Sources(x.Shape, y.Shape);
        return frame => sources.Copy(frame.Texts(x), frame.Texts(y), string.Empty);
    }

    internal PadSources Sources(Shape x, Shape y)
    {
        int[] strides = x.Strides();
        return new PadSources([.. Enumerable.Range(0, y.Rank).Select(axis => Sources(x[axis], y[axis], Before[axis], strides[axis]))], strides);
    }

    /// <summary>For each place along an axis of the result, the offset of its source; −1 where it has none.</summary>
    private int[] Sources(int size, int padded, int before, int stride)
    {
        if (size == 0 && padded > 0 && Mode != PadMode.Constant)
        {
            throw new ArgumentException($"An axis without elements cannot be padded by {Mode}.");
        }

        return [.. Enumerable.Range(-before, padded).Select(place => Source(place, size) is var source && source < 0 ? -1 : source * stride)];
    }

    private int Source(int place, int size)
    {
        if (place >= 0 && place < size)
        {
            return place;
        }

        switch (Mode)
        {
            case PadMode.Constant:
                return -1;
            case PadMode.Edge:
                return place < 0 ? 0 : size - 1;
            case PadMode.Wrap:
                return IntegerArithmetic.FloorMod(place, size);
            default:
                // There and back is one period; reflecting, the two ends stand in it once.
                int seam = Mode == PadMode.Reflect ? 1 : 0, period = Math.Max(2 * (size - seam), 1);
                int at = IntegerArithmetic.FloorMod(place, period);
                return at < size ? at : period - at - 1 + seam;
        }
    }
}

/// <summary>Where each element of a padded value comes from, axis by axis.</summary>
internal sealed class PadSources
{
    private readonly int[][] _offsets;

    /// <summary>The last axis that changes: what lies behind a place on it is copied as it is.</summary>
    private readonly int _last;

    /// <param name="offsets">For each axis of the result and each place on it, the offset of its source; −1 where it has none.</param>
    /// <param name="blocks">For each axis, elements of x behind one place.</param>
    public PadSources(int[][] offsets, int[] blocks)
    {
        _offsets = offsets;
        _last = Array.FindLastIndex([.. offsets.Zip(blocks)], axis => !axis.First.Select((offset, place) => offset == place * axis.Second).All(same => same));
    }

    /// <summary>For each axis and place along it the offset in the source, or −1 outside of it.</summary>
    public int[][] Offsets => _offsets;

    public void Copy<T>(ReadOnlySpan<T> x, Span<T> y, T value)
    {
        if (_last < 0)
        {
            x.CopyTo(y);
        }
        else
        {
            Fill(x, y, value, 0, 0);
        }
    }

    private void Fill<T>(ReadOnlySpan<T> x, Span<T> y, T value, int axis, int from)
    {
        int[] sources = _offsets[axis];
        if (y.IsEmpty)
        {
            return;
        }

        int block = y.Length / sources.Length;
        for (int i = 0, end; i < sources.Length; i = end)
        {
            end = i + 1;
            if (sources[i] >= 0 && axis < _last)
            {
                Fill(x, y.Slice(i * block, block), value, axis + 1, from + sources[i]);
                continue;
            }

            // As many places at once as come from nowhere, or from places in order.
            int step = sources[i] < 0 ? 0 : block;
            while (end < sources.Length && sources[end] == sources[end - 1] + step)
            {
                end++;
            }

            Span<T> target = y[(i * block)..(end * block)];
            if (sources[i] < 0)
            {
                target.Fill(value);
            }
            else
            {
                x.Slice(from + sources[i], target.Length).CopyTo(target);
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The value with more elements around it; the value itself where there are none to add.</summary>
    public Value Pad(Value x, EquatableList<int> before, EquatableList<int> after, PadMode mode = PadMode.Constant, double value = 0) =>
        before.Concat(after).All(n => n == 0) ? x : Apply(new Pad(before, after, mode, value), x);
}
