namespace KerasCompat.Runtime;

/// <summary>
/// <c>x[start:end:step]</c> along some axes, with Python's meaning: negative places count from the end, places outside are
/// moved to the edge, a negative step goes backward. ONNX Slice with attributes.
/// </summary>
/// <param name="Axes">The axes, counted from 0.</param>
/// <param name="Starts">The first place along each; <see cref="Open"/> with a negative step begins at the end.</param>
/// <param name="Ends">
/// The place before which each stops; <see cref="Open"/> goes to the end and, with a negative step, <see cref="OpenBackward"/>
/// to the beginning. A symbolic end is taken as not negative.
/// </param>
/// <param name="Steps">The step along each, not zero.</param>
public sealed record Slice(EquatableList<int> Axes, EquatableList<int> Starts, SymbolicShape Ends, EquatableList<int> Steps) : StridedOp
{
    /// <summary>The place beyond every end.</summary>
    public const int Open = int.MaxValue;

    /// <summary>The place before every beginning.</summary>
    public const int OpenBackward = -int.MaxValue;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape shape = inputs.Shape(0);
        if (Starts.Count != Axes.Count || Ends.Rank != Axes.Count || Steps.Count != Axes.Count || Steps.Contains(0) || Axes.Distinct().Count() != Axes.Count)
        {
            throw inputs.Fail($"axes {Axes}, starts {Starts}, ends {Ends}, steps {Steps}", "as many of each, different axes, steps not zero");
        }

        for (int i = 0; i < Axes.Count; i++)
        {
            int axis = inputs.Axis(Axes[i], shape.Rank);
            shape = shape.With(axis, SliceLength.Of(shape[axis], Starts[i], Ends[i], Steps[i]));
        }

        return [new TensorType(inputs.DType(0), shape)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs)
    {
        if (inputs.Shape(0).Rank != 1 || Axes.Count != 1 || !Ends[0].IsConstant || inputs.Content(0) is not { } sizes)
        {
            return null;
        }

        int length = SliceLength.Of(sizes.Count, Starts[0], Ends[0], Steps[0]).Value, first = SliceLength.First(sizes.Count, Starts[0], Steps[0]);
        return [.. Enumerable.Range(0, length).Select(i => sizes[first + (i * Steps[0])])];
    }

    internal override StridedCopy Layout(Shape x, Shape y)
    {
        int[] strides = x.Strides();
        int offset = 0;
        for (int i = 0; i < Axes.Count; i++)
        {
            int axis = Axes[i] < 0 ? Axes[i] + x.Rank : Axes[i];
            offset += SliceLength.First(x[axis], Starts[i], Steps[i]) * strides[axis];
            strides[axis] *= Steps[i];
        }

        return new StridedCopy(offset, y.Dims, strides);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x[start:end:step]</c> along one axis; no end goes to the end, or with a negative step to the beginning.</summary>
    public Value Slice(Value x, int axis, int start, Dim? end = null, int step = 1) =>
        Slice(x, [axis], [start], new SymbolicShape(end ?? (step > 0 ? Runtime.Slice.Open : Runtime.Slice.OpenBackward)), [step]);

    /// <summary><c>x[start:end:step]</c> along several axes.</summary>
    public Value Slice(Value x, EquatableList<int> axes, EquatableList<int> starts, SymbolicShape ends, EquatableList<int>? steps = null)
    {
        SymbolicShape before = x.Shape;
        var op = new Slice(axes, starts, ends, steps ?? EquatableList.Repeat(1, axes.Count));
        bool whole = axes.Select((axis, i) => starts[i] == 0 && op.Steps[i] == 1 && (ends[i] == Runtime.Slice.Open || ends[i] == before[axis])).All(b => b);
        return whole ? x : Apply(op, x);
    }

    /// <summary>One slice along an axis, which disappears; a negative index counts from the end.</summary>
    public Value Select(Value x, int axis, int index) => Gather(x, Scalar(index, DType.Int64), axis);

    /// <summary>The order along some axes turned round.</summary>
    public Value Reverse(Value x, params EquatableList<int> axes) =>
        Slice(x, axes, EquatableList.Repeat(Runtime.Slice.Open, axes.Count), new SymbolicShape(axes.Select(_ => (Dim)Runtime.Slice.OpenBackward)), EquatableList.Repeat(-1, axes.Count));
}
