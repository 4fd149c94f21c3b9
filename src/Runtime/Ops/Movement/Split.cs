using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The input cut along an axis, one output a piece. ONNX Split with the sizes as an attribute that may hold symbols.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Sizes">The size of each piece; they add up to the axis.</param>
public sealed record Split(int Axis, SymbolicShape Sizes) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        int axis = inputs.Axis(Axis, x.Rank);
        Dim sum = Sizes.Aggregate(Dim.Zero, (a, b) => a + b);
        return sum.IsConstant && x[axis].IsConstant && sum != x[axis]
            ? throw inputs.Fail($"pieces {Sizes} of an axis of {x[axis]}", "sizes that add up to it")
            : [.. Sizes.Select(size => new TensorType(inputs.DType(0), x.With(axis, size)))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0);
        (Slot Slot, StridedCopy Copy)[] pieces = Pieces(binding);
        return frame =>
        {
            foreach ((Slot slot, StridedCopy copy) in pieces)
            {
                copy.Run<T>(frame.Span<T>(x), frame.Span<T>(slot));
            }
        };
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot x = binding.Input(0);
        (Slot Slot, StridedCopy Copy)[] pieces = Pieces(binding);
        return frame =>
        {
            foreach ((Slot slot, StridedCopy copy) in pieces)
            {
                copy.Run<string>(frame.Texts(x), frame.Texts(slot));
            }
        };
    }

    private (Slot Slot, StridedCopy Copy)[] Pieces(CpuBinding binding)
    {
        Shape x = binding.Input(0).Shape;
        int axis = Axis < 0 ? Axis + x.Rank : Axis, begin = 0;
        int[] strides = x.Strides();
        var pieces = new (Slot Slot, StridedCopy Copy)[binding.OutputCount];
        for (int i = 0; i < pieces.Length; i++)
        {
            Slot slot = binding.Output(i);
            pieces[i] = (slot, new StridedCopy(begin * strides[axis], slot.Shape.Dims, strides));
            begin += slot.Shape[axis];
        }

        return begin == x[axis] ? pieces : throw new ArgumentException($"Pieces of {begin} in all do not make up axis {axis} of {x}.");
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The value cut along an axis into pieces of the given sizes.</summary>
    public IReadOnlyList<Value> Split(Value x, int axis, SymbolicShape sizes) => ApplyAll(new Split(axis, sizes), x);

    /// <summary>The value cut along an axis into equal pieces.</summary>
    /// <exception cref="ModelFormatException">The axis has a known size that is no multiple of the number of pieces.</exception>
    public IReadOnlyList<Value> Split(Value x, int axis, int pieces) =>
        Split(x, axis, new SymbolicShape(Enumerable.Repeat(Dim.FloorDiv(x.Shape[axis], pieces), pieces)));

    /// <summary>The slices along an axis of known size, which disappears.</summary>
    /// <exception cref="ModelFormatException">The size is not known.</exception>
    public IReadOnlyList<Value> Unstack(Value x, int axis = 0) => x.Shape[axis].IsConstant
        ? [.. Split(x, axis, x.Shape[axis].Value).Select(piece => Squeeze(piece, axis))]
        : throw new ModelFormatException(Scope, $"axis {axis} of {x.Shape}, whose size a call decides,", "a known size to take apart");
}
