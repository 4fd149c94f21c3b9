using KerasCompat.Onnx.Export;
using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.OnnxRuntime;

/// <summary>A graph in ONNX Runtime. States of stateful layers stand behind the inputs and outputs of its ONNX form.</summary>
internal sealed class OnnxExecutable(Graph graph, OnnxSession session) : IExecutable
{
    /// <summary>Whether the ONNX form takes images with the channels first; callers give them as the graph has them.</summary>
    public bool ChannelsFirstInputs { get; init; }

    /// <inheritdoc/>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states = null) => Run(inputs, states, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states, CancellationToken cancellationToken)
    {
        Tensor[] results = session.Run(Inputs(graph, inputs, ChannelsFirstInputs, states), cancellationToken);
        for (int i = 0; i < graph.States.Count && states is not null; i++)
        {
            states[graph.States[i].Variable] = results[graph.Outputs.Count + i];
        }

        return results[..graph.Outputs.Count];
    }

    /// <inheritdoc/>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public void Run(ReadOnlySpan<byte> input, Shape shape, Span<byte> output, IDictionary<StateVariable, Tensor>? states = null)
    {
        Dictionary<string, int> sizes = SymbolBinding.Bind(graph.Inputs, [shape]);
        DType type = graph.Inputs[0].DType, outputType = graph.Outputs[0].DType;
        if (input.Length != shape.ElementCount * type.Size())
        {
            throw new ArgumentException($"Input {shape} takes {shape.ElementCount * type.Size()} bytes; found {input.Length}.");
        }

        if (graph.States.Count == 0 && !ChannelsFirstInputs && !graph.HasDynamicShapes)
        {
            Shape result = graph.Outputs[0].Shape.Evaluate(sizes);
            Fits(result, output);
            session.Run(input, shape, type, output, result, outputType);
            return;
        }

        Tensor computed = Run([Tensor.FromBytes(type, shape, input)], states)[0];
        Fits(computed.Shape, output);
        computed.Bytes.CopyTo(output);

        void Fits(Shape result, Span<byte> bytes)
        {
            if (bytes.Length != result.ElementCount * outputType.Size())
            {
                throw new ArgumentException($"Output {result} gives {result.ElementCount * outputType.Size()} bytes; found {bytes.Length}.");
            }
        }
    }

    /// <summary>What a graph's ONNX form takes: the inputs in its order of axes, then the states, zeros where there are none yet.</summary>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public static Tensor[] Inputs(Graph graph, IReadOnlyList<Tensor> inputs, bool channelsFirst, IDictionary<StateVariable, Tensor>? states = null)
    {
        Dictionary<string, int> sizes = SymbolBinding.Bind(graph.Inputs, [.. inputs.Select(t => t.Shape)]);
        return
        [
            .. inputs.Select(t => channelsFirst && t.Shape.Rank == 4 ? Arrangement.Transpose(t, AxisOrder.ChannelsFirst(4)) : t),
            .. graph.States.Select(s => StateOf(s.Variable, states, sizes)),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private static Tensor StateOf(StateVariable variable, IDictionary<StateVariable, Tensor>? states, Dictionary<string, int> sizes)
    {
        Shape shape = variable.Shape.Evaluate(sizes);
        return states is null || !states.TryGetValue(variable, out Tensor? state) ? Tensor.Zeros(variable.DType, shape)
            : state.Shape == shape ? state
            : throw new ArgumentException($"State \"{variable.Name}\" has shape {state.Shape} from an earlier call; this call needs {shape}. Reset the states, or keep the batch size.");
    }
}
