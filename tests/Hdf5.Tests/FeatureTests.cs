using Newtonsoft.Json.Linq;

namespace KerasCompat.Hdf5.Tests;

/// <summary>Suite <c>hdf5</c>: every feature of the format a Keras file can meet, against what h5py read.</summary>
public sealed class FeatureTests
{
    private static readonly IReadOnlyDictionary<string, JObject> Cases = Fixtures.Cases("hdf5");

    public static TheoryData<string> Names => Fixtures.Names("hdf5");

    /// <summary>What a refusal must name, by tag.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["szip"] = "szip", ["virtual"] = "virtual dataset", ["external"] = "external storage", ["cache-image"] = "cache image",
        ["driver"] = "file driver", ["filters"] = "filter",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Mapped_file_reads_as_h5py_reads_it(string name) =>
        Check(name, () => Hdf5File.Open(Fixtures.PathOf("hdf5", (string)Cases[name]["model"]!)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_reads_as_h5py_reads_it(string name) =>
        Check(name, () => Hdf5File.Open(File.OpenRead(Fixtures.PathOf("hdf5", (string)Cases[name]["model"]!)), name));

    private static void Check(string name, Func<Hdf5File> open)
    {
        var row = Cases[name];
        var tags = row["tags"]!.Select(t => (string)t!).ToArray();

        // libhdf5 reads szip; this library refuses it by name.
        var refuses = (string)row["expect"]! == "refuse" || tags.Contains("szip");
        Dictionary<string, UnsupportedModelException> refused = [];
        try
        {
            using var file = open();
            using var expected = new Npz(Fixtures.PathOf("hdf5", (string)row["vectors"]!));
            var comparison = new Comparison(expected);
            comparison.Object(file.Root, (JObject)expected.Manifest["root"]!);
            Assert.True(comparison.Differences.Count == 0, string.Join(Environment.NewLine, comparison.Differences));
            refused = comparison.Refused;
        }
        catch (UnsupportedModelException e) when (refuses)
        {
            refused.Add("", e);
        }

        Assert.Equal(refuses, refused.Count > 0);
        if (refuses)
        {
            var reason = Reasons[Reasons.Keys.First(tags.Contains)];
            Assert.All(refused.Values, e => Assert.Contains(reason, e.Message));
        }
    }
}
