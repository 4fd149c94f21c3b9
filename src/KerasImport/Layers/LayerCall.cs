using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>One call of a layer while the graph is built. It notes which arguments were read: one that nobody read fails the load.</summary>
public sealed class LayerCall
{
    private const string IfNeutral = "if it does not change numbers, load with LoadOptions.Mode = Lenient";

    private readonly Layer _layer;
    private readonly CallArguments _arguments;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal) { "mask", "training" };
    private int _positionsRead = 1;

    internal LayerCall(GraphBuilder graph, Layer layer, CallArguments arguments)
    {
        Graph = graph;
        _layer = layer;
        _arguments = arguments;
    }

    /// <summary>Where the operators go.</summary>
    public GraphBuilder Graph { get; }

    /// <summary>The single tensor the layer is called with.</summary>
    /// <exception cref="ModelFormatException">It is called with none or several.</exception>
    public KerasTensor Input => Inputs is [var single] ? single : throw Fail($"{Inputs.Count} tensors", "a single input");

    /// <summary>The type the layer computes in.</summary>
    public DType ComputeType => _layer.Policy.Compute;

    /// <summary>The single tensor as floats: Keras casts no integers and flags, but promotes them where they meet weights.</summary>
    public Value FloatingInput => Input.Value is var x && x.DType.IsFloating() ? x : Graph.Cast(x, _layer.Policy.Compute);

    /// <summary>The tensors of the first argument.</summary>
    public IReadOnlyList<KerasTensor> Inputs => [.. First.Tensors()];

    /// <summary>The first argument.</summary>
    public Structure First => Argument(0, "inputs") is { } first ? WithConstants(first) : throw Fail("no argument", "an input");

    /// <summary>The mask: the argument <c>mask</c> where one is given, else the one that travels with the first tensor.</summary>
    public Value? Mask => Tensor(-1, "mask")?.Value ?? _arguments.Positional.FirstOrDefault()?.Tensors().FirstOrDefault()?.Mask;

    /// <summary>The argument <c>training</c>, where the file fixes it.</summary>
    public bool? Training => Constant("training") is JValue { Value: bool flag } ? flag : null;

    /// <summary>An argument by position or name; null where it is absent or None.</summary>
    /// <param name="position">Its position, or −1 where it has only a name.</param>
    /// <param name="name">Its name in Keras's signature.</param>
    public Structure? Argument(int position, string name)
    {
        _read.Add(name);
        _positionsRead = Math.Max(_positionsRead, position + 1);
        Structure? found = _arguments.Named.TryGetValue(name, out Structure? named) ? named
            : position >= 0 && position < _arguments.Positional.Count ? _arguments.Positional[position]
            : null;
        return found is null || found.IsNull ? null : found;
    }

    /// <summary>A tensor argument by position or name; null where it is absent or None.</summary>
    public KerasTensor? Tensor(int position, string name) => Argument(position, name) switch
    {
        null => null,
        Structure.Leaf leaf => leaf.Tensor,
        Structure.Constant constant => new KerasTensor(Graph.Constant(JsonTensor.Read(constant.Token, _layer.Policy.Compute, _layer.Config.Place))),
        Structure.Sequence { Items: [Structure.Leaf leaf] } => leaf.Tensor,
        _ => throw Fail($"a structure as argument \"{name}\"", "a tensor"),
    };

    /// <summary>A constant argument by name, or null.</summary>
    public JToken? Constant(string name) => Constant(-1, name);

    /// <summary>A constant argument by position or name, or null.</summary>
    public JToken? Constant(int position, string name) => Argument(position, name) switch
    {
        null => null,
        Structure.Constant constant => constant.Token,
        Structure.Sequence sequence when !sequence.Tensors().Any() => JsonOf(sequence),
        _ => throw Fail($"tensors as argument \"{name}\"", "a constant"),
    };

    /// <summary>A flag by position or name; false where it is absent or None.</summary>
    public bool Flag(int position, string name) => Constant(position, name) is JValue { Value: true };

    /// <summary>A weight in the type the layer computes in.</summary>
    /// <exception cref="ModelFormatException">There is none: the call has no tensor of whose shape weights could be made.</exception>
    public Value Weight(Weight? weight) => weight is null ? throw Fail("a call without tensors", "an input, whose shape decides that of the weights")
        : weight.DType.IsFloating() ? Graph.Cast(Graph.Weight(weight), _layer.Policy.Compute)
        : Graph.Weight(weight);

    /// <summary>A weight in the type the layer computes in; null where the layer has none.</summary>
    public Value? WeightOrNull(Weight? weight) => weight is null ? null : Weight(weight);

    /// <summary>The arguments for an inner layer: another first one, and <c>training</c> as it was given.</summary>
    public CallArguments PassOn(Structure first) => Argument(-1, "training") is { } training
        ? new CallArguments([first], new Dictionary<string, Structure> { ["training"] = training })
        : CallArguments.Of(first);

    /// <summary>The exception for a call that makes no sense.</summary>
    public ModelFormatException Fail(string found, string expected) => new(_layer.Config.Place, found, expected, "change what the layer is called with, and save the model again");

    /// <summary>The call with other arguments.</summary>
    internal LayerCall With(CallArguments arguments) => new(Graph, _layer, arguments);

    internal void CheckAllRead()
    {
        Problem[] unread = _layer.Config.Factory.LeftInStrictMode(
        [
            .. _arguments.Named.Where(n => !_read.Contains(n.Key) && !IsNeutral(n.Value))
                .Select(n => new Problem($"{_layer.Config.Place}(…)", $"argument {n.Key}", "an argument this layer takes", IfNeutral)),
            .. _arguments.Positional.Skip(_positionsRead).Where(p => !IsNeutral(p))
                .Select((_, i) => new Problem($"{_layer.Config.Place}(…)", $"positional argument {i + _positionsRead}", $"at most {_positionsRead} arguments", IfNeutral)),
        ]);
        if (unread.Length > 0)
        {
            throw new UnsupportedModelException(unread);
        }
    }

    /// <summary>A constant as a tensor, floats in the type the layer computes in.</summary>
    private KerasTensor Read(JObject array)
    {
        Tensor tensor = JsonTensor.Read(array, _layer.Policy.Compute, _layer.Config.Place);
        return new KerasTensor(Graph.Constant(tensor.DType.IsFloating() ? tensor.Cast(_layer.Policy.Compute) : tensor));
    }

    /// <summary>Arrays that stand among tensors, as tensors.</summary>
    private Structure WithConstants(Structure argument) => argument switch
    {
        Structure.Constant { Token: JObject array } when JsonTensor.IsTensor(array) => Read(array),
        Structure.Sequence list => new Structure.Sequence([.. list.Items.Select(WithConstants)]),
        _ => argument,
    };

    private static bool IsNeutral(Structure argument) => argument is Structure.Constant { Token: JValue { Value: null or false } };

    private static JArray JsonOf(Structure.Sequence sequence) => new(sequence.Items.Select(i => i switch
    {
        Structure.Constant constant => constant.Token,
        Structure.Sequence inner => JsonOf(inner),
        _ => JValue.CreateNull(),
    }));
}
