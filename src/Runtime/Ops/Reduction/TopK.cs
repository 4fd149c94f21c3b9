using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The largest or smallest elements along an axis, in order, and their places as int64. Equal elements keep their order; NaN is
/// the largest number. ONNX TopK. With the axis's whole size it sorts.
/// </summary>
/// <param name="K">How many.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Largest">Whether the largest are taken, the largest first; else the smallest.</param>
public sealed record TopK(Dim K, int Axis, bool Largest) : Op, INumericKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireNumeric(0);
        SymbolicShape x = inputs.Shape(0);
        int axis = inputs.Axis(Axis, x.Rank);
        if (K.IsConstant && x[axis].IsConstant && (K.Value < 0 || K.Value > x[axis].Value))
        {
            throw inputs.Fail($"{K} elements of axis {axis} of {x}", $"0 to {x[axis]}");
        }

        SymbolicShape result = x.With(axis, K);
        return [new TensorType(inputs.DType(0), result), new TensorType(DType.Int64, result)];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), values = binding.Output(0), places = binding.Output(1);
        AxisLines lines = AxisLines.Of(x.Shape, Axis);
        int count = values.Shape[Axis];
        if (count > lines.Size)
        {
            throw new ArgumentException($"{count} elements are not to be had from axis {Axis} of {x.Shape}.");
        }

        Slot elements = binding.Workspace(x.DType, lines.Size), order = binding.Workspace(DType.Int32, 2 * lines.Size);
        return frame =>
        {
            Span<T> line = frame.Span<T>(elements);
            Span<int> sorted = frame.Span<int>(order);
            for (int i = 0; i < lines.Outer * lines.Inner; i++)
            {
                LineLoop.Gather(frame.Span<T>(x), LineLoop.Begin(lines, i, lines.Size), lines.Inner, line);
                ReadOnlySpan<int> best = StableSort.Order(line, sorted, Largest);
                int to = LineLoop.Begin(lines, i, count);
                for (int j = 0; j < count; j++, to += lines.Inner)
                {
                    frame.Span<T>(values)[to] = line[best[j]];
                    frame.Span<long>(places)[to] = best[j];
                }
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The largest (or smallest) elements along an axis in order, and their places as int64; equal ones the first first.</summary>
    public (Value Values, Value Indices) TopK(Value x, Dim k, int axis = -1, bool largest = true)
    {
        IReadOnlyList<Value> outputs = ApplyAll(new TopK(k, axis, largest), x);
        return (outputs[0], outputs[1]);
    }

    /// <summary>The elements in order along an axis, NaN last (first, descending).</summary>
    public Value Sort(Value x, int axis = -1, bool descending = false) => TopK(x, x.Shape[axis], axis, descending).Values;

    /// <summary>The places, as int64, that put the elements along an axis in order; equal ones keep theirs.</summary>
    public Value ArgSort(Value x, int axis = -1, bool descending = false) => TopK(x, x.Shape[axis], axis, descending).Indices;
}
