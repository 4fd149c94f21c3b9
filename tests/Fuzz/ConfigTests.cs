using System.IO.Compression;
using System.Text;
using KerasCompat.Containers;
using KerasCompat.Testing;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Fuzz;

/// <summary>Numbers of configs that would have a layer allocate or compute for ever.</summary>
public class ConfigTests
{
    private static readonly long[] Extremes = [int.MaxValue, 100_000_000, -1, 0];

    private static readonly string[] Suites = ["keras3-layers", "keras3-graphs", "tfkeras2", "text"];

    /// <summary>Every number of every class's config, in one file that has it.</summary>
    [Fact]
    public void Every_number_of_a_config_may_be_extreme()
    {
        var met = new HashSet<string>(StringComparer.Ordinal);
        var faults = new List<string>();
        var target = new Target("config", [], (seed, _) => seed.Bytes, Read);
        int loads = 0;
        foreach (string file in Suites.SelectMany(suite => Directory.EnumerateFiles(Path.Combine(Fixtures.Root, suite), "*.keras").Order(StringComparer.Ordinal)))
        {
            JObject config = Config(file);
            foreach (JValue number in config.Descendants().OfType<JValue>().Where(v => v.Type == JTokenType.Integer).ToList())
            {
                if (!met.Add(Kind(number)))
                {
                    continue;
                }

                object old = number.Value!;
                foreach (long extreme in Extremes)
                {
                    number.Value = extreme;
                    string name = $"{Path.GetFileName(file)}, {number.Path} = {extreme}";
                    if (Round.Of(target, Encoding.UTF8.GetBytes(config.ToString(Formatting.None)), name).Fault is { } fault)
                    {
                        faults.Add($"{name}: {fault}");
                    }

                    loads++;
                }

                number.Value = old;
            }
        }

        Assert.True(faults.Count == 0, $"{faults.Count} of {loads}:\n{string.Join("\n", faults.Take(40))}");
        Assert.InRange(loads, 1000, int.MaxValue);
    }

    private static void Read(byte[] bytes, string name)
    {
        using KerasFile file = KerasFileReader.Open(new MemoryStream(bytes), "model.json", Targets.Limits);
        using KerasModel model = KerasModel.LoadArchitecture(file, new LoadOptions { Limits = Targets.Limits });
    }

    private static JObject Config(string file)
    {
        using ZipArchive zip = ZipFile.OpenRead(file);
        using var reader = new StreamReader(zip.GetEntry("config.json")!.Open());
        return JObject.Parse(reader.ReadToEnd());
    }

    /// <summary>The class a number belongs to, and the keys that lead to it from there; places in lists do not tell numbers apart.</summary>
    private static string Kind(JValue number)
    {
        JToken at = number;
        var keys = new Stack<string>();
        for (; at.Parent is { } parent; at = parent)
        {
            if (parent is JProperty property)
            {
                keys.Push(property.Name);
            }

            if (parent is JObject map && map["class_name"] is JValue { Value: string name })
            {
                return $"{name}.{string.Join('.', keys)}";
            }
        }

        return string.Join('.', keys);
    }
}
