#include "src/ec2/query/form_writer.h"

#include "src/ec2/query/form.h"

namespace casim::ec2::query {

void FormWriter::group(std::string_view name, const std::function<void(Fields& at)>& members) {
  FormWriter inner(out_, name_below(place_, name));
  members(inner);
}

void FormWriter::leaf(const Member& member) {
  if (member.presence == Presence::kOptional && !member.ops->is_set(member.value)) return;
  out_ +=
      "&" + name_below(place_, member.name) + "=" + escape_form(member.ops->write(member.value));
}

void FormWriter::list_items(std::string_view name, const ItemList& items) {
  for (std::size_t i = 0; i < items.size; ++i) {
    FormWriter item(out_, name_below(place_, name) + "." + std::to_string(i + 1));
    items.describe(i, item);
  }
}

}  // namespace casim::ec2::query
