using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>
/// A recurrent net over the time axis of x (batch, time, features), in Keras's layout: kernel (features, gates · units), recurrent kernel
/// (units, gates · units), gates in Keras's order.
/// </summary>
/// <remarks>
/// Inputs: x, kernel, recurrent kernel, bias?, mask? (batch, time) of bool, and an initial value for each state?, zeros where absent.
/// Outputs: the sequence (batch, time, units) or, without <see cref="ReturnSequences"/>, its last step (batch, units); then the last
/// value of each state (batch, units). A step whose mask is false leaves the states and repeats the output of the step before it, which
/// is zeros before the first step that counts.
/// </remarks>
public abstract record RecurrentOp : Op
{
    /// <summary>The function of the cell: an operator of one input, or null for none.</summary>
    public Op? Activation { get; init; }

    /// <summary>Whether the last step comes first; the outputs stay in the order in which they were computed.</summary>
    public bool GoBackwards { get; init; }

    /// <summary>Whether the first output has every step or only the last.</summary>
    public bool ReturnSequences { get; init; }

    /// <summary>Whether a masked step gives zeros instead of the output before it.</summary>
    public bool ZeroOutputForMask { get; init; }

    /// <summary>Whether the sequence is written from its end, so that a backward net's outputs stand in the order of its inputs.</summary>
    public bool ReverseOutput { get; init; }

    internal const int X = 0, Kernel = 1, RecurrentKernel = 2, Bias = 3, Mask = 4, FirstState = 5;

    /// <summary>Number of states: 2 for LSTM (h, c), else 1.</summary>
    internal abstract int StateCount { get; }

    /// <summary>Number of gates, the candidate included.</summary>
    internal abstract int Gates { get; }

    /// <summary>The vector kernels' name of the cell.</summary>
    internal abstract RecurrentKind Kind { get; }

    /// <summary>The function of the gates; null where the cell has none.</summary>
    internal abstract Op? GateActivation { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(X), kernel = inputs.Shape(Kernel), recurrent = inputs.Shape(RecurrentKernel);
        Dim units = recurrent[0];
        if (x.Rank != 3 || !kernel.Equals(new SymbolicShape(kernel[0], units * Gates)) || !recurrent.Equals(new SymbolicShape(units, units * Gates))
            || (x[2].IsConstant && x[2] != kernel[0])
            || (inputs.Has(Bias) && inputs.Shape(Bias).ElementCount != BiasShape(units).ElementCount)
            || (inputs.Has(Mask) && (!inputs.Shape(Mask).MayEqual(new SymbolicShape(x[0], x[1])) || inputs.DType(Mask) != DType.Bool)))
        {
            throw inputs.Fail(
                $"x {x}, kernel {kernel}, recurrent kernel {recurrent}{(inputs.Has(Bias) ? $", bias {inputs.Shape(Bias)}" : string.Empty)}{(inputs.Has(Mask) ? $", mask {inputs.Type(Mask)}" : string.Empty)}",
                $"x (batch, time, features), kernel (features, {Gates} · units), recurrent kernel (units, {Gates} · units), bias {BiasShape(units)}, mask (batch, time) of bool");
        }

        var last = new TensorType(inputs.DType(X), new SymbolicShape(x[0], units));
        for (int state = 0; state < StateCount; state++)
        {
            if (inputs.Has(FirstState + state) && (!inputs.Shape(FirstState + state).MayEqual(last.Shape) || inputs.DType(FirstState + state) != last.DType))
            {
                throw inputs.Fail($"an initial state {inputs.Type(FirstState + state)}", last.ToString());
            }
        }

        return Outputs(last.DType, x[0], x[1], units);
    }

    /// <summary>The types of the outputs.</summary>
    internal IReadOnlyList<TensorType> Outputs(DType type, Dim batch, Dim time, Dim units)
    {
        var last = new TensorType(type, new SymbolicShape(batch, units));
        return [ReturnSequences ? new TensorType(type, new SymbolicShape(batch, time, units)) : last, .. Enumerable.Repeat(last, StateCount)];
    }

    /// <summary>The shape of the bias.</summary>
    internal virtual SymbolicShape BiasShape(Dim units) => new(units * Gates);
}

/// <summary>What a recurrent operator computes.</summary>
/// <param name="Output">The sequence (batch, time, units), or its last step (batch, units).</param>
/// <param name="States">The last value of each state (batch, units).</param>
public sealed record RecurrentResult(Value Output, IReadOnlyList<Value> States);

public sealed partial class GraphBuilder
{
    private RecurrentResult ApplyRecurrent(RecurrentOp op, Value x, Value kernel, Value recurrentKernel, Value? bias, Value? mask, IReadOnlyList<Value>? initialStates)
    {
        IReadOnlyList<Value> outputs = ApplyAll(op, [x, kernel, recurrentKernel, bias, mask, .. initialStates ?? []]);
        return new RecurrentResult(outputs[0], [.. outputs.Skip(1)]);
    }
}
