using System.Text;
using KerasCompat.Runtime;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Verification;

/// <summary>A vectors file: what Keras computed for a model, as <c>keras_vectors.py</c> writes it (<c>keras-vectors/1</c>).</summary>
public sealed class VectorsFile : IDisposable
{
    private const string Format = "keras-vectors/1";

    private readonly Npz _npz;

    private VectorsFile(Npz npz, string name, JObject manifest)
    {
        if (!manifest.ContainsKey("calls"))
        {
            throw new ModelFormatException($"{name}:manifest", $"no calls (format {manifest["format"] ?? "not said"})", $"the calls of {Format}", "write the file with keras_vectors.py");
        }

        _npz = npz;
        Name = name;
        Manifest = manifest;
        Calls = [.. ((JArray?)manifest["calls"] ?? []).Select(c => new VectorsCall(this, (JObject)c))];
        Weights = [.. ((JArray?)manifest["weights"] ?? []).Select(w => new VectorsArray(this, (JObject)w))];
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>The manifest as written.</summary>
    public JObject Manifest { get; }

    /// <summary>The backend that computed the numbers: <c>tensorflow</c>, <c>jax</c>, <c>torch</c>, <c>theano</c>.</summary>
    public string? Backend => (string?)Manifest["backend"];

    /// <summary>True where every call began from zeros: on JAX predict_on_batch leaves no state behind.</summary>
    public bool ForgetsStates => Backend == "jax";

    /// <summary>The calls, in order; states carry over from one to the next unless the file <see cref="ForgetsStates"/>.</summary>
    public IReadOnlyList<VectorsCall> Calls { get; }

    /// <summary>The weights in <c>get_weights()</c> order of the Keras that wrote the file.</summary>
    public IReadOnlyList<VectorsArray> Weights { get; }

    /// <summary>Opens a vectors file.</summary>
    /// <exception cref="ModelFormatException">It is no <c>.npz</c>, or has no manifest.</exception>
    public static VectorsFile Open(string path, ReadLimits? limits = null)
    {
        Npz npz = Npz.Open(path, limits);
        try
        {
            if (!npz.TryRead("manifest", out Tensor? manifest))
            {
                throw new ModelFormatException(path, "no member \"manifest\"", "a vectors file of keras_vectors.py", "write one with tests/fixtures/generate/keras_vectors.py");
            }

            using var reader = new JsonTextReader(new StringReader(Encoding.UTF8.GetString(manifest.Bytes))) { DateParseHandling = DateParseHandling.None };
            return new VectorsFile(npz, path, JObject.Load(reader));
        }
        catch (JsonException e)
        {
            npz.Dispose();
            throw new ModelFormatException($"{path}:manifest", e.Message, "JSON", inner: e);
        }
        catch (Exception e) when (e is InvalidCastException or InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            npz.Dispose();
            throw new ModelFormatException($"{path}:manifest", e.Message, $"what {Format} says of calls and weights", "write the file with keras_vectors.py", e);
        }
        catch
        {
            npz.Dispose();
            throw;
        }
    }

    /// <summary>Reads a member.</summary>
    /// <exception cref="ModelFormatException">There is none of that name, or it is damaged.</exception>
    public Tensor Read(string member) => _npz.TryRead(member, out Tensor? tensor)
        ? tensor
        : throw new ModelFormatException($"{Name}:{member}", "no such array", "the arrays that the manifest names", "write the file again");

    /// <inheritdoc/>
    public void Dispose() => _npz.Dispose();
}

/// <summary>One call of a model in a vectors file.</summary>
public sealed class VectorsCall
{
    internal VectorsCall(VectorsFile file, JObject entry)
    {
        Training = (bool?)entry["training"] ?? false;
        Inputs = [.. WithLengths(file, entry, "inputs")];
        Outputs = [.. WithLengths(file, entry, "outputs")];
        Layers = [.. ((JArray?)entry["layers"] ?? []).Select(l => new VectorsArray(file, (JObject)l))];
        LayerStatistics = [.. ((JArray?)entry["layer_stats"] ?? []).Select(l => new VectorsStatistics((JObject)l))];
    }

    /// <summary>True where the call ran in training mode.</summary>
    public bool Training { get; }

    /// <summary>The inputs, in the model's order; a ragged one is followed by its row lengths.</summary>
    public IReadOnlyList<VectorsArray> Inputs { get; }

    /// <summary>The outputs, in the model's order; a ragged one is followed by its row lengths.</summary>
    public IReadOnlyList<VectorsArray> Outputs { get; }

    /// <summary>The layers' outputs, in the order of execution.</summary>
    public IReadOnlyList<VectorsArray> Layers { get; }

    /// <summary>Sums and samples of the layers' outputs, where the arrays would be large.</summary>
    public IReadOnlyList<VectorsStatistics> LayerStatistics { get; }

    private static IEnumerable<VectorsArray> WithLengths(VectorsFile file, JObject entry, string key)
    {
        foreach (JObject array in ((JArray?)entry[key] ?? []).Cast<JObject>())
        {
            yield return new VectorsArray(file, array);
            foreach (JToken lengths in (JArray?)array["lengths"] ?? [])
            {
                yield return new VectorsArray(file, new JObject { ["name"] = RaggedTensor.LengthsOf((string?)array["name"] ?? string.Empty), ["array"] = lengths });
            }
        }
    }
}

/// <summary>An array in a vectors file, with what its manifest says of it.</summary>
public sealed class VectorsArray
{
    private readonly VectorsFile _file;
    private readonly string _array;

    internal VectorsArray(VectorsFile file, JObject entry)
    {
        _file = file;
        _array = (string?)entry["array"] ?? string.Empty;
        Name = (string?)entry["name"] ?? string.Empty;
        ClassName = (string?)entry["class"] ?? string.Empty;
        Node = (int?)entry["node"] ?? 0;
        Output = (int?)entry["output"] ?? 0;
        Stride = (int?)entry["stride"] ?? 1;
        FullShape = ((JArray?)entry["shape"])?.Select(d => (int)d).ToArray();
    }

    /// <summary>The name of the input, output, layer or weight.</summary>
    public string Name { get; }

    /// <summary>A layer's class.</summary>
    public string ClassName { get; }

    /// <summary>Which call of the layer.</summary>
    public int Node { get; }

    /// <summary>Which output of the call.</summary>
    public int Output { get; }

    /// <summary>Where only every so manieth number is kept (flat), how many; else 1.</summary>
    public int Stride { get; }

    /// <summary>The full shape, where the array was thinned.</summary>
    public int[]? FullShape { get; }

    /// <summary>Reads the array.</summary>
    /// <exception cref="ModelFormatException">It is missing or damaged.</exception>
    public Tensor Read() => _file.Read(_array);
}

/// <summary>Sum, sum of squares and a few elements of a layer's output.</summary>
public sealed class VectorsStatistics
{
    internal VectorsStatistics(JObject entry)
    {
        Name = (string?)entry["name"] ?? string.Empty;
        ClassName = (string?)entry["class"] ?? string.Empty;
        Node = (int?)entry["node"] ?? 0;
        Output = (int?)entry["output"] ?? 0;
        Shape = [.. ((JArray?)entry["shape"] ?? []).Select(d => (int)d)];
        Sample = [.. ((JArray?)entry["sample"] ?? []).Select(s => ((int)s[0]!, (double)s[1]!))];
    }

    /// <summary>The layer's name.</summary>
    public string Name { get; }

    /// <summary>The layer's class.</summary>
    public string ClassName { get; }

    /// <summary>Which call of the layer.</summary>
    public int Node { get; }

    /// <summary>Which output of the call.</summary>
    public int Output { get; }

    /// <summary>The output's shape.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Elements by flat index.</summary>
    public IReadOnlyList<(int Index, double Value)> Sample { get; }
}
