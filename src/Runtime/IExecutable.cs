namespace KerasCompat.Runtime;

/// <summary>A graph made ready for a device. Safe to call from many threads at once.</summary>
public interface IExecutable : IDisposable
{
    /// <summary>Computes the outputs.</summary>
    /// <param name="inputs">One tensor for each graph input, of its type.</param>
    /// <param name="states">The states of stateful layers, read and replaced; null starts from zeros and forgets.</param>
    /// <exception cref="ArgumentException">Shapes or types do not fit.</exception>
    Tensor[] Run(IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states = null);

    /// <summary>Computes the outputs unless the caller no longer wants them; states are then as they were.</summary>
    /// <remarks>Asked before each operator, on an OpenCL device before each kernel; what has been begun then is finished. A device that does not say otherwise asks only before the call.</remarks>
    /// <inheritdoc cref="Run(IReadOnlyList{Tensor}, IDictionary{StateVariable, Tensor}?)"/>
    /// <exception cref="OperationCanceledException">The caller no longer wants them.</exception>
    Tensor[] Run(IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Run(inputs, states);
    }

    /// <summary>Computes the one output of a graph of one input, from the caller's memory into the caller's memory.</summary>
    /// <param name="input">The input's elements, as bytes.</param>
    /// <param name="shape">The input's shape.</param>
    /// <param name="output">Takes the output's elements, as bytes.</param>
    /// <param name="states">The states of stateful layers, or null.</param>
    /// <exception cref="ArgumentException">Lengths do not fit the shapes.</exception>
    void Run(ReadOnlySpan<byte> input, Shape shape, Span<byte> output, IDictionary<StateVariable, Tensor>? states = null);
}
