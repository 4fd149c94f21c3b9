using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The inputs one behind the other along an axis. ONNX Concat.</summary>
/// <param name="Axis">The axis.</param>
public sealed record Concat(int Axis) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape result = inputs.Shape(0);
        int axis = inputs.Axis(Axis, result.Rank);
        Dim sum = result[axis];
        for (int i = 1; i < inputs.Count; i++)
        {
            inputs.RequireSameType(0, i);
            SymbolicShape shape = inputs.Shape(i);
            if (shape.Rank != result.Rank)
            {
                throw inputs.Fail($"shapes {inputs.Shape(0)} and {shape}", "as many axes in every input");
            }

            sum += shape[axis];
            for (int other = 0; other < shape.Rank; other++)
            {
                if (other != axis && shape[other].IsConstant)
                {
                    result = !result[other].IsConstant || result[other] == shape[other]
                        ? result.With(other, shape[other])
                        : throw inputs.Fail($"shapes {inputs.Shape(0)} and {shape}", $"sizes that differ along axis {axis} alone");
                }
            }
        }

        return [new TensorType(inputs.DType(0), result.With(axis, sum))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs)
    {
        var sizes = new List<Dim>();
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs.Shape(i).Rank != 1 || inputs.Content(i) is not { } content)
            {
                return null;
            }

            sizes.AddRange(content);
        }

        return sizes;
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Output(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot y = binding.Output(0);
        (Slot Slot, int Block)[] parts = Parts(binding);
        int row = parts.Sum(p => p.Block);
        return frame =>
        {
            int to = 0;
            foreach ((Slot slot, int block) in parts)
            {
                Copy<T>(frame.Span<T>(slot), frame.Span<T>(y), block, row, to);
                to += block;
            }
        };
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot y = binding.Output(0);
        (Slot Slot, int Block)[] parts = Parts(binding);
        int row = parts.Sum(p => p.Block);
        return frame =>
        {
            int to = 0;
            foreach ((Slot slot, int block) in parts)
            {
                Copy<string>(frame.Texts(slot), frame.Texts(y), block, row, to);
                to += block;
            }
        };
    }

    /// <summary>Each input that has elements, with the number of them that lie together in the result.</summary>
    private (Slot Slot, int Block)[] Parts(CpuBinding binding)
    {
        Shape y = binding.Output(0).Shape;
        int axis = Axis < 0 ? Axis + y.Rank : Axis;
        Slot[] slots = [.. Enumerable.Range(0, binding.InputCount).Select(binding.Input)];
        foreach (Slot slot in slots)
        {
            if (!slot.Shape.Where((_, i) => i != axis).SequenceEqual(y.Where((_, i) => i != axis)))
            {
                throw new ArgumentException($"Shape {slot.Shape} does not fit into {y} along axis {axis}.");
            }
        }

        return [.. slots.Where(s => s.Length > 0).Select(s => (s, s.Shape.Product(axis, s.Shape.Rank)))];
    }

    private static void Copy<T>(ReadOnlySpan<T> x, Span<T> y, int block, int row, int to)
    {
        for (int from = 0; from < x.Length; from += block, to += row)
        {
            x.Slice(from, block).CopyTo(y.Slice(to, block));
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The values one behind the other along an axis; the value itself where there is one.</summary>
    public Value Concat(IReadOnlyList<Value> values, int axis) => values.Count == 1 ? values[0] : Apply(new Concat(axis), values);

    /// <summary>The values side by side along a new axis.</summary>
    public Value Stack(IReadOnlyList<Value> values, int axis = 0) => Concat([.. values.Select(v => ExpandDims(v, axis))], axis < 0 ? axis + values[0].Rank + 1 : axis);
}
