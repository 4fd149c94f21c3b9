using KerasCompat.Containers;
using KerasCompat.Testing;

namespace KerasCompat.Layers.Tests;

public class SummaryTests
{
    /// <summary>A dictionary among a call's arguments may have any keys, those of a tensor's record too.</summary>
    [Fact]
    public void Arguments_that_only_look_like_tensors_are_no_connections()
    {
        const string Call = "\"name\": \"block\", \"inbound_nodes\": [{\"args\"";
        string json = File.ReadAllText(Fixtures.Path("containers", "keras-3.12.4/nested.json"));
        Assert.Contains(Call, json, StringComparison.Ordinal);
        byte[] changed = System.Text.Encoding.UTF8.GetBytes(json.Replace(Call, Call.Replace("args", "1", StringComparison.Ordinal), StringComparison.Ordinal));
        using KerasFile file = KerasFileReader.Open(new MemoryStream(changed), "nested.json");
        using KerasModel model = KerasModel.LoadArchitecture(file);
        Assert.Contains("block", model.Summary(), StringComparison.Ordinal);
    }
}
