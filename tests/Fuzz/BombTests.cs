using System.IO.Compression;
using System.Text;
using KerasCompat.Containers;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Text;
using KerasCompat.Zip;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Fuzz;

/// <summary>Small files made to cost much: each is refused at once, under the limits that apply unless told otherwise.</summary>
public class BombTests
{
    private const int Deep = 1_000_000;

    public static TheoryData<string> Names => [.. Bombs.Keys];

    /// <summary>Each makes its bytes, and gives what reads them.</summary>
    private static readonly Dictionary<string, Func<Action>> Bombs = new()
    {
        ["JSON deep, as a model"] = () => Model(Nested(Deep, "[", "]")),
        ["JSON deep, objects"] = () => Model(Nested(Deep, "{\"config\":", "}", "1")),
        ["JSON deep, never closed"] = () => Model(new string('[', 4 * Deep)),
        ["JSON wrapped in JSON text again and again"] = () => Model(Wrapped(6)),
        ["JSON deep in an archive"] = () => Archive("config.json", Encoding.UTF8.GetBytes(Nested(Deep, "[", "]"))),
        ["JSON deep in a tokenizer"] = () => Reading(Nested(Deep, "[", "]"), text => Tokenizer.FromJson(text)),
        ["JSON deep in a tokenizer's table"] = () => Reading($$$"""{"class_name": "Tokenizer", "config": {"word_index": "{{{Nested(Deep, "[", "]")}}}"}}""", text => Tokenizer.FromJson(text)),
        ["JSON deep in a pipeline"] = () => Reading(Nested(Deep, "[", "]"), text => TextPipeline.FromJson(text)),
        ["JSON deep in safetensors"] = () => Safetensors(Nested(Deep, "[", "]")),
        ["YAML deep"] = () => Model("class_name: " + Nested(Deep, "[", "]")),
        ["YAML deep by indentation"] = () => Model("class_name: Sequential\nconfig:\n" + string.Concat(Enumerable.Range(1, 3000).Select(i => $"{new string(' ', i)}a:\n"))),
        ["models nested deep"] = () => Model(NestedModels(2000, calls: 1)),
        ["models nested and called twice each"] = () => Model(NestedModels(40, calls: 2)),
        ["models nested and called twice each, that do nothing"] = () => Model(NestedModels(40, calls: 2).Replace("relu", "linear", StringComparison.Ordinal)),
        ["models nested, with weights of another"] = () => Weights(NestedModels(40, calls: 1).Replace("\"activation\": \"relu\"", "\"units\": 3", StringComparison.Ordinal).Replace("Activation", "Dense", StringComparison.Ordinal)),
        ["a layer of a long name"] = () => Model(Chain([Dense(int.MaxValue)]).Replace("dense_", new string('x', 4 * Deep), StringComparison.Ordinal)),
        ["a wide model of wide layers"] = () => Model(Chain(Enumerable.Repeat(Dense(int.MaxValue / 2), 4))),
        ["a dense layer of 2^62 numbers"] = () => Model(Chain([Dense(int.MaxValue), Dense(int.MaxValue)])),
        ["zeros deflated a thousandfold"] = () => Archive("config.json", new byte[200 << 20]),
        ["zeros deflated as weights"] = () => Archive("model.weights.npz", new byte[200 << 20]),
        ["an array of 2^62 numbers in an npz"] = () => Array("(2147483647, 2147483647)"),
        ["an array whose size wraps round to 0"] = () => Array("(4294967296, 4294967296)"),
        ["an array of 16 GiB in a hundred bytes"] = () => Array("(2147483647, 2)"),
        ["a header of 4 GiB in an npz"] = () => ReadNpz([0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[20]]),
        ["safetensors with a header of 2^63 bytes"] = () => Open([0, 0, 0, 0, 0, 0, 0, 0x80, .. "{\"__metadata__\":{}}"u8]),
        ["safetensors with sizes that wrap round to 0"] = () => Safetensors(
            """{"__metadata__": {"format": "keras", "keras_config": "{}"}, "w": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]}}"""),
        ["a pickled text of 2^62 bytes"] = () => Pickled([0x80, 4, 0x8D, 0, 0, 0, 0, 0, 0, 0, 0x40, (byte)'.']),
        ["a pickled frame of 2^62 bytes"] = () => Pickled([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0x40, (byte)'N', (byte)'.']),
        ["a pickled number of 2 GiB"] = () => Pickled([0x80, 2, 0x8B, 0xFF, 0xFF, 0xFF, 0x7F, (byte)'.']),
        ["a pickle's place 2^32"] = () => Pickled([(byte)'N', (byte)'r', 0xFF, 0xFF, 0xFF, 0xFF, (byte)'j', 0xFE, 0xFF, 0xFF, 0xFF, (byte)'.']),
        ["a pickle of a million containers and one"] = () => Pickled([.. Enumerable.Repeat((byte)']', 1_000_001), (byte)'.']),
        ["a pickle of lists in lists"] = () => Pickled([.. Enumerable.Repeat((byte)']', 200_000), .. Enumerable.Repeat((byte)'a', 199_998), (byte)'c', .. "os\nsystem\n."u8]),
        ["word vectors of 2^31 numbers"] = () => Vectors("2147483647 2147483647\nthe 0.5\n"),
        ["binary word vectors of 2^31 numbers"] = () => Vectors("2147483647 2147483647\nthe \u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused(string name)
    {
        Action read = Bombs[name]();
        Round round = Round.Of(new Target(name, [], (seed, _) => seed.Bytes, (_, _) => read()), [], name);
        Assert.True(round.Fault is null, $"{name}: {round.Fault}");
        Assert.True(round.Outcome == Outcome.Refused, $"{name}: was read");
    }

    /// <summary>Shared parts of a pickle are shared when read, so that what looks like 2^40 elements is forty lists.</summary>
    [Fact]
    public void A_pickle_that_doubles_costs_what_it_holds()
    {
        byte[] doubling = [(byte)']', .. Enumerable.Repeat<byte[]>([(byte)'2', (byte)'\u0086'], 40).SelectMany(b => b), (byte)'.'];
        Round round = Round.Of(new Target("pickle", [], (seed, _) => seed.Bytes, (bytes, name) => Pickle.Read(bytes, name)), doubling, "doubling");
        Assert.Null(round.Fault);
        Assert.InRange(round.Bytes, 0, 1 << 20);
    }

    private static string Nested(int depth, string open, string close, string middle = "") =>
        string.Concat(Enumerable.Repeat(open, depth)) + middle + string.Concat(Enumerable.Repeat(close, depth));

    private static string Wrapped(int times)
    {
        string text = Nested(1000, "[", "]");
        for (int i = 0; i < times; i++)
        {
            text = new JValue(text.StartsWith('[') ? "{\"a\":" + text + "}" : text).ToString(Newtonsoft.Json.Formatting.None);
        }

        return text;
    }

    private static JObject Dense(int units) => new() { ["class_name"] = "Dense", ["config"] = new JObject { ["name"] = $"dense_{Guid.NewGuid():N}", ["units"] = units } };

    private static string Chain(IEnumerable<JObject> layers) => new JObject
    {
        ["class_name"] = "Sequential",
        ["keras_version"] = "3.15.1",
        ["config"] = new JObject
        {
            ["name"] = "model",
            ["layers"] = new JArray([new JObject { ["class_name"] = "InputLayer", ["config"] = new JObject { ["name"] = "x", ["batch_shape"] = new JArray(JValue.CreateNull(), 4) } }, .. layers]),
        },
    }.ToString();

    /// <summary>Models in models; each calls the one within as often as is said, one call after another.</summary>
    private static string NestedModels(int depth, int calls)
    {
        var text = new StringBuilder();
        string end = string.Empty;
        for (int i = 0; i < depth; i++)
        {
            text.Append($$"""
                {"module": "keras.src.models.functional", "class_name": "Functional", "name": "m{{i}}", "config": {"name": "m{{i}}", "input_layers": ["x", 0, 0], "output_layers": ["m{{i + 1}}", {{calls - 1}}, 0],
                "layers": [{"module": "keras.layers", "class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_shape": [null, 4], "dtype": "float32"}, "inbound_nodes": []},
                """);
            end = (i == 0 ? "]}, \"keras_version\": \"3.15.1\"}" : $"]}}, \"inbound_nodes\": [{Called(i, calls)}]}}") + end;
        }

        string leaf = $$"""{"module": "keras.layers", "class_name": "Activation", "name": "m{{depth}}", "config": {"name": "m{{depth}}", "activation": "relu"}, "inbound_nodes": [{{Called(depth, calls)}}]}""";
        return text + leaf + end;
    }

    /// <summary>The calls of a model by the one around it.</summary>
    private static string Called(int model, int calls) => string.Join(", ", Enumerable.Range(0, calls).Select(call => $$$"""
        {"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 4], "dtype": "float32", "keras_history": [{{{(call == 0 ? "\"x\", 0" : $"\"m{model}\", {call - 1}")}}}, 0]}}], "kwargs": {}}
        """));

    private static Action Model(string text) => Open(Encoding.UTF8.GetBytes(text));

    private static Action Open(byte[] bytes) => () =>
    {
        using KerasFile file = KerasFileReader.Open(new MemoryStream(bytes), "bomb");
        using KerasModel model = KerasModel.LoadArchitecture(file);
    };

    private static Action Archive(string member, byte[] bytes)
    {
        byte[] archive = ZipMutation.Written([(member, bytes), .. member == "config.json" ? [] : new[] { ("config.json", Encoding.UTF8.GetBytes(Chain([Dense(2)]))) }], CompressionLevel.Fastest);
        return () =>
        {
            using KerasFile file = KerasFileReader.Open(new MemoryStream(archive), "bomb.keras");
            using KerasModel model = KerasModel.Load(file);
        };
    }

    /// <summary>A config with the weights of a net of the fixtures.</summary>
    private static Action Weights(string config)
    {
        byte[] original = File.ReadAllBytes(Testing.Fixtures.Path("containers", "keras-3.15.1/mlp.keras"));
        byte[] archive = ZipMutation.Written(
            ZipMutation.Members(original).Select(m => m.Name == "config.json" ? (m.Name, Encoding.UTF8.GetBytes(config)) : m), CompressionLevel.NoCompression);
        return () => KerasModel.Load(new MemoryStream(archive), "bomb.keras").Dispose();
    }

    private static Action Array(string shape)
    {
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        return ReadNpz([0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[16]]);
    }

    private static Action ReadNpz(byte[] npy)
    {
        byte[] archive = ZipMutation.Written([("x.npy", npy)], CompressionLevel.NoCompression);
        return () =>
        {
            using Npz npz = Npz.Open(new MemoryStream(archive), "bomb.npz");
            npz.TryRead("x", out _);
        };
    }

    private static Action Safetensors(string header) => Open([.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header)]);

    private static Action Pickled(byte[] bytes) => () => Pickle.Read(bytes);

    private static Action Reading(string text, Action<string> read) => () => read(text);

    private static Action Vectors(string text) => () =>
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("vectors");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text));
        foreach (KeyValuePair<string, float[]> _ in WordVectors.Read(path))
        {
        }
    };
}
