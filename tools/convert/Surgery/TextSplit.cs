using KerasCompat.Layers;
using KerasCompat.Onnx;
using KerasCompat.Onnx.Export;
using KerasCompat.Runtime;
using Newtonsoft.Json;

namespace KerasCompat.Convert.Surgery;

/// <summary>
/// A model cut behind the layers that read texts or hash: the part that runs in C#, and the numeric model behind it, whose inputs are
/// named after the layers that give them. Inputs of the model that no such layer reads are inputs of the numeric model.
/// </summary>
internal sealed class TextSplit : IDisposable
{
    /// <summary>Words that an input may be called and a variable of the lines may not.</summary>
    private static readonly string[] Taken =
        ["bool", "byte", "char", "class", "double", "event", "float", "in", "int", "long", "new", "numbers", "object", "out", "outputs", "params", "preprocessing", "ref", "session", "short", "string"];

    private readonly Dictionary<string, int> _given;
    private readonly KerasModel _whole;

    private TextSplit(KerasModel whole, KerasModel preprocessing, KerasModel numeric, IEnumerable<string> given) =>
        (_whole, Preprocessing, Numeric, _given) = (whole, preprocessing, numeric, given.Index().ToDictionary(g => g.Item, g => g.Index));

    /// <summary>The layers that read texts or hash, and all before them.</summary>
    public KerasModel Preprocessing { get; }

    /// <summary>The layers behind them.</summary>
    public KerasModel Numeric { get; }

    /// <summary>Cuts a model; null where no layer of it reads texts or hashes.</summary>
    /// <exception cref="UnsupportedModelException">Nothing follows those layers, or a mask would be cut.</exception>
    public static TextSplit? Of(KerasModel model, CancellationToken cancellation = default)
    {
        Network network = model.Network;
        HashSet<LayerReference> texts = TextCalls(network);
        if (texts.Count == 0)
        {
            return null;
        }

        LayerReference[] behind = [.. network.Trace.Select(t => new LayerReference(t.Layer.Name, t.Node)).Distinct().Where(c => !texts.Contains(c) && network.Inputs.All(i => i.Name != c.Layer))];
        TensorReference[] cut = [.. behind.SelectMany(c => SubModel.Reads(network, c)).Where(t => texts.Contains(new LayerReference(t.Layer, t.Call))).Distinct()];
        if (cut.Length == 0)
        {
            throw new UnsupportedModelException(
                $"model \"{model.Name}\"", $"no layer behind {string.Join(", ", texts.Select(t => $"\"{t.Layer}\"").Distinct())}", "a numeric part to write", "run the whole model in C#: KerasModel.Load");
        }

        var names = cut.ToDictionary(t => t, t => cut.Count(other => other.Layer == t.Layer) == 1 ? t.Layer : $"{t.Layer}_{t.Call}_{t.Tensor}");
        KerasModel preprocessing = SubModel.Extract(model, network, new Dictionary<TensorReference, string>(), cut, [], cancellation);
        return new TextSplit(model, preprocessing, SubModel.Extract(model, network, names, null, [], cancellation), cut.Select(t => names[t]));
    }

    /// <summary>Runs the part before the numeric model.</summary>
    /// <param name="inputs">The whole model's inputs.</param>
    /// <returns>The numeric model's inputs.</returns>
    public Tensor[] Prepare(IReadOnlyList<Tensor> inputs)
    {
        var own = _whole.Graph.Inputs.Zip(inputs).ToDictionary(p => p.First.Name!, p => p.Second);
        Tensor[] numbers = Preprocessing.Predict([.. Preprocessing.Graph.Inputs.Select(i => own[i.Name!])]);
        return [.. Numeric.Graph.Inputs.Select(i => _given.TryGetValue(i.Name!, out int at) ? numbers[at] : own[i.Name!])];
    }

    /// <summary>The C# lines that run both parts.</summary>
    /// <param name="preprocessing">The file of the first part.</param>
    /// <param name="file">The ONNX file.</param>
    /// <param name="onnx">What is written there.</param>
    public IReadOnlyList<string> Lines(string preprocessing, string file, OnnxModel onnx)
    {
        string numbers = string.Join(", ", Preprocessing.Graph.Inputs.Select(i => Variable(i.Name!)));
        return
        [
            "using KerasCompat;",
            "using KerasCompat.OnnxRuntime;",
            "using KerasCompat.Runtime;",
            string.Empty,
            $"using KerasModel preprocessing = KerasModel.Load({JsonConvert.ToString(preprocessing)});",
            $"using var session = new OnnxSession({JsonConvert.ToString(file)});",
            .. Preprocessing.Graph.Inputs.Select(i => $"// {Variable(i.Name!)}: {i.Type}"),
            $"Tensor[] numbers = preprocessing.Predict([{numbers}]);",
            $"// session takes {string.Join(", ", onnx.InputNames)}; other runtimes take the same",
            $"Tensor[] outputs = session.Run([{string.Join(", ", onnx.InputNames.Select(n => _given.TryGetValue(n, out int at) ? $"numbers[{at}]" : Variable(n)))}]);",
            $"// outputs: {string.Join(", ", onnx.OutputNames)}",
        ];
    }

    public void Dispose()
    {
        Preprocessing.Dispose();
        Numeric.Dispose();
    }

    /// <summary>The calls that compute with texts, and all whose results they need.</summary>
    private static HashSet<LayerReference> TextCalls(Network network)
    {
        var makers = new Dictionary<Value, LayerReference>();
        foreach (LayerOutput output in network.Trace)
        {
            makers.TryAdd(output.Tensor.Value, new LayerReference(output.Layer.Name, output.Node));
        }

        var open = new Stack<LayerReference>(network.Trace.Where(t => makers[t.Tensor.Value] == new LayerReference(t.Layer.Name, t.Node) && Nodes(t.Tensor.Value, makers).Any(TextOperators.Has))
            .Select(t => new LayerReference(t.Layer.Name, t.Node)));
        var texts = new HashSet<LayerReference>();
        while (open.TryPop(out LayerReference? call))
        {
            if (network.Inputs.All(i => i.Name != call.Layer) && texts.Add(call))
            {
                foreach (TensorReference read in SubModel.Reads(network, call))
                {
                    open.Push(new LayerReference(read.Layer, read.Call));
                }
            }
        }

        return texts;
    }

    /// <summary>The nodes of the call that makes a value: back to what other calls made.</summary>
    private static IEnumerable<Node> Nodes(Value value, Dictionary<Value, LayerReference> makers)
    {
        LayerReference call = makers[value];
        var seen = new HashSet<Node>();
        var open = new Stack<Value>([value]);
        while (open.TryPop(out Value? at))
        {
            if (at.Producer is { } node && (!makers.TryGetValue(at, out LayerReference? maker) || maker == call) && seen.Add(node))
            {
                yield return node;
                foreach (Value input in node.Inputs.OfType<Value>())
                {
                    open.Push(input);
                }
            }
        }
    }

    /// <summary>A name as C# takes it.</summary>
    private static string Variable(string name)
    {
        string text = string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '_'));
        return char.IsLetter(text.FirstOrDefault()) && !Taken.Contains(text) ? text : $"_{text}";
    }
}
